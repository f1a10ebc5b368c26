"""GIF 申請（個人）as types: the Japanese names are the names of the standard. Parts may be left out, as GIF allows."""

from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints

Short = Annotated[str, StringConstraints(max_length=500)]
Long = Annotated[str, StringConstraints(max_length=4000)]


class GifPart(Schema):
    """Further words of the standard may come along; they are not read."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Address(GifPart):
    postcode: Short | None = Field(None, alias="郵便番号")
    prefecture: Short | None = Field(None, alias="都道府県")
    municipality: Short | None = Field(None, alias="市区町村")
    town: Short | None = Field(None, alias="町字")
    block: Short | None = Field(None, alias="番地以下")
    building: Short | None = Field(None, alias="建物名等(方書)")


class Contact(GifPart):
    name: Short | None = Field(None, alias="連絡先名称")
    phone: Short | None = Field(None, alias="連絡先電話番号")
    email: Short | None = Field(None, alias="連絡先メールアドレス")
    address: Address | None = Field(None, alias="連絡先住所")


class Person(GifPart):
    family: Short | None = Field(None, alias="氏")
    given: Short | None = Field(None, alias="名")
    family_kana: Short | None = Field(None, alias="氏（カナ）")
    given_kana: Short | None = Field(None, alias="名（カナ）")
    name: Short | None = Field(None, alias="氏名")
    name_kana: Short | None = Field(None, alias="氏名（カナ）")
    birth: Short | None = Field(None, alias="生年月日")
    address: Address | None = Field(None, alias="住所")
    contact: Contact | None = Field(None, alias="連絡先情報")


class Addressee(GifPart):
    name: Short | None = Field(None, alias="商号または名称")
    head: Person | None = Field(None, alias="代表者")
    head_title: Short | None = Field(None, alias="代表者役職名")


class SheetA(GifPart):
    addressee: Addressee | None = Field(None, alias="宛先")
    applied_on: Short | None = Field(None, alias="申請日")
    contact: Contact | None = Field(None, alias="連絡先")
    applicant: Person = Field(alias="申請者")
    principal: Person | None = Field(None, alias="委任者")
    role: Short | None = Field(None, alias="委任者の役割")
    mandate: Long | None = Field(None, alias="委任内容")


class Item(Schema):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    key: Short = Field(alias="項目名")
    label: Short | None = Field(None, alias="名称")
    value: Any = Field(None, alias="値")


class Content(GifPart):
    """内容 of the B票 in our profile: which procedure and period, and the answers of its form."""

    procedure: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,49}$")] = Field(alias="手続")
    version: Short | None = Field(None, alias="版")
    period: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")] = Field(alias="受付期間")
    number: Short | None = Field(None, alias="受付番号")
    items: list[Item] = Field(default_factory=list, alias="項目", max_length=500)


class SheetB(GifPart):
    name: Short | None = Field(None, alias="名称")
    content: Content = Field(alias="内容")
    changed_on: Short | None = Field(None, alias="更新年月日")


class GifApplication(GifPart):
    """申請（個人）: A票 says who applies to whom, B票 says what for."""

    basic: SheetA = Field(alias="個人申請基本情報（A票）")
    content: SheetB = Field(alias="個人申請内容（B票）")
