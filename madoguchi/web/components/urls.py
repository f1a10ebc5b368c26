app_name = "components"
urlpatterns: list = []
