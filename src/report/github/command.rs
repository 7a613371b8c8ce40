//! A workflow command as a line, escaped as `@actions/core` does it
//! (`actions/toolkit`, `packages/core/src/command.ts`); the runner decodes in the reverse order.

/// Writes a command with its line break: `::error title=…::message`.
///
/// Properties without a value are left out, as the toolkit leaves them out.
pub fn command(name: &str, properties: &[(&str, String)], data: &str) -> String {
    let properties = properties.iter().filter(|(_, value)| !value.is_empty());
    let properties: Vec<_> = properties.map(|(key, value)| format!("{key}={}", escape_property(value))).collect();
    let space = if properties.is_empty() { "" } else { " " };
    format!("::{name}{space}{}::{}\n", properties.join(","), escape_data(data))
}

/// Escapes what stands behind the second `::`.
pub fn escape_data(data: &str) -> String {
    data.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, which ends at `,` or `::`.
pub fn escape_property(value: &str) -> String {
    escape_data(value).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::command;

    #[test]
    fn a_command_is_written_as_the_toolkit_writes_it() {
        let properties = [("title", "a: b, c%".to_owned()), ("file", String::new())];
        assert_eq!(command("error", &properties, "x\r\n::y, %0A"), "::error title=a%3A b%2C c%25::x%0D%0A::y, %250A\n");
        assert_eq!(command("endgroup", &[], ""), "::endgroup::\n");
    }
}
