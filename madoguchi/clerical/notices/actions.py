"""Every write of the notices room."""

from madoguchi.clerical.notices.delivering import deliver as deliver
from madoguchi.clerical.notices.delivering import send_mail as send_mail
from madoguchi.clerical.notices.looking_after import send_again as send_again
from madoguchi.clerical.notices.looking_after import settle_delivery as settle_delivery
from madoguchi.clerical.notices.mailing import queue_mail as queue_mail
from madoguchi.clerical.notices.preparing import open_release as open_release
from madoguchi.clerical.notices.preparing import prepare_letters as prepare_letters
from madoguchi.clerical.notices.reading import read_letter as read_letter
from madoguchi.clerical.notices.releasing import release_all as release_all
from madoguchi.clerical.notices.releasing import resume_deliveries as resume_deliveries
