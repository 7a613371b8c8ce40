//! Entra ID, Graph, ARM, a container registry and GitHub's token service, as one stateful server.
