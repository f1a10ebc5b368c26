from django.urls import path

from madoguchi.web.resident.views import (
    about,
    after,
    aids,
    apply,
    correct,
    documents,
    letters,
    procedure,
    prove,
    review,
    top,
)

app_name = "resident"
urlpatterns = [
    path("", top.top, name="top"),
    path("aids/", aids.set_aid, name="aids"),
    path("about/<slug:page>/", about.about, name="about"),
    path("search", top.search, name="search"),
    path("procedures/<slug:slug>/", procedure.procedure, name="procedure"),
    path("procedures/<slug:slug>/begin/", apply.begin, name="begin"),
    path("prove/", prove.prove, name="prove"),
    path("prove/code/", prove.code, name="code"),
    path("prove/leave/", prove.leave, name="leave"),
    path("prove/<uuid:proof_id>/<str:code>/", prove.link, name="link"),
    path("apply/<uuid:unsent_id>/", apply.resume, name="resume"),
    path("apply/<uuid:unsent_id>/review/", review.review, name="review"),
    path("apply/<uuid:unsent_id>/saved/", apply.saved, name="saved"),
    path("apply/<uuid:unsent_id>/all/", apply.overview, name="overview"),
    path("apply/<uuid:unsent_id>/drop/", apply.drop, name="drop"),
    path("apply/<uuid:unsent_id>/<slug:page>/", apply.page, name="page"),
    path("my/", after.my, name="my"),
    path("applications/<str:number>/", after.status, name="status"),
    path("applications/<str:number>/receipt/", after.receipt, name="receipt"),
    path("applications/<str:number>/correct/", correct.correct, name="correct"),
    path("applications/<str:number>/documents/", documents.documents, name="documents"),
    path("applications/<str:number>/withdraw/", after.withdraw, name="withdraw"),
    path("applications/<str:number>/survey/", after.survey, name="survey"),
    path("letters/<uuid:letter_id>/", letters.letter, name="letter"),
    path("letters/<uuid:letter_id>.pdf", letters.letter_pdf, name="letter-pdf"),
]
