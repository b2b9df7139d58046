"""The interface is tried by schemathesis, which takes a second to load: only in the rooms that use it."""


def pytest_configure(config):
    from schemathesis.pytest import plugin

    if not config.pluginmanager.is_registered(plugin):
        config.pluginmanager.register(plugin)
