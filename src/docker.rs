//! The local Docker: client, engine socket, configuration and credential helpers.
