//! Several names in one fact.

/// How many names are written out.
const WRITTEN_OUT: usize = 5;

/// `a, b and 3 more`
pub(super) fn several<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.len().saturating_sub(WRITTEN_OUT) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names[..WRITTEN_OUT].join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn many_names_are_counted() {
        assert_eq!(several(["a", "b"]), "a, b");
        assert_eq!(several(["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
    }
}
