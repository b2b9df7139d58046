"""The interface is tried by schemathesis, which takes a second to load: here, and nowhere else."""


def pytest_configure(config):
    from schemathesis.pytest import plugin

    config.pluginmanager.register(plugin)
