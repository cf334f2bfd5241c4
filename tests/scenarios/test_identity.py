"""First start, keys, settings and the end of polyd."""


def test_auth_names_the_tenant_the_environment_and_every_permission(admin):
    auth = admin.found("/auth")
    assert auth["tenant"]["name"] == "default"
    assert auth["environment"]["name"] == "default"
    assert all(auth["permissions"].values())
