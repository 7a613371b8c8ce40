//! A logging command as a line, escaped as `azure-pipelines-task-lib` does it (`node/taskcommand.ts`).
//!
//! A per cent sign is `%AZP25`, because `%25` is common in URLs; the agent decodes the data with the table of the
//! properties, so that it must be escaped in both.

/// Writes a command with its line break: `##vso[task.logissue type=error;]message`.
///
/// Properties without a value are left out, as the library leaves them out.
pub fn command(name: &str, properties: &[(&str, String)], data: &str) -> String {
    let properties = properties.iter().filter(|(_, value)| !value.is_empty());
    let properties: String = properties.map(|(key, value)| format!("{key}={};", escape_property(value))).collect();
    let space = if properties.is_empty() { "" } else { " " };
    format!("##vso[{name}{space}{properties}]{}\n", escape_data(data))
}

/// Escapes what stands behind the `]`.
pub fn escape_data(data: &str) -> String {
    data.replace('%', "%AZP25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, which ends at `;` or `]`.
pub fn escape_property(value: &str) -> String {
    escape_data(value).replace(']', "%5D").replace(';', "%3B")
}

#[cfg(test)]
mod tests {
    use super::command;

    /// The library's own vectors (`node/test/commandtests.ts`).
    #[test]
    fn a_command_is_written_as_the_library_writes_it() {
        let foo = [("foo", ";=\r=\n%3B".to_owned())];
        assert_eq!(command("some.cmd", &foo, "dog"), "##vso[some.cmd foo=%3B=%0D=%0A%AZP253B;]dog\n");
        assert_eq!(command("some.cmd", &[], "cr \r lf \n eom ] ;"), "##vso[some.cmd]cr %0D lf %0A eom ] ;\n");
    }
}
