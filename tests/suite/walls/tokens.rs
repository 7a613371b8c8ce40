//! What a source file mentions: paths, macros, method calls and string literals, with their lines.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One thing mentioned.
pub(super) struct Mention {
    pub(super) line: usize,
    pub(super) what: What,
}

/// What was mentioned.
pub(super) enum What {
    /// A path with `use` groups spelt out: `["crate", "plan", "Plan"]`; the inline modules around it come along.
    Path { segments: Vec<String>, inside: Vec<String> },
    /// `name!`
    Macro(String),
    /// `.name`
    Method(String),
    /// A string literal, without quotes.
    Literal(String),
    /// `#[cfg(test)] mod name;`
    TestModule(String),
}

/// Reads a file's mentions; items under `#[cfg(test)]` are left out.
pub(super) fn mentions(text: &str) -> Vec<Mention> {
    let stream: TokenStream = text.parse().expect("Rust source");
    let mut found = Vec::new();
    read(stream, &mut Vec::new(), &mut found);
    found
}

fn read(stream: TokenStream, inside: &mut Vec<String>, found: &mut Vec<Mention>) {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        if is_test_attribute(&trees[at..]) {
            at = skip_item(&trees, at + 2, found);
            continue;
        }
        match &trees[at] {
            TokenTree::Ident(word) if word == "mod" && is_module(&trees[at..]) => {
                let TokenTree::Group(body) = &trees[at + 2] else { unreachable!("is_module looked") };
                inside.push(trees[at + 1].to_string());
                read(body.stream(), inside, found);
                inside.pop();
                at += 3;
            }
            TokenTree::Ident(_) => at = path(&trees, at, &[], inside, found),
            TokenTree::Group(group) => {
                read(group.stream(), inside, found);
                at += 1;
            }
            TokenTree::Punct(dot) if dot.as_char() == '.' => {
                if let Some(TokenTree::Ident(name)) = trees.get(at + 1) {
                    found.push(Mention { line: line(&trees[at + 1]), what: What::Method(name.to_string()) });
                    at += 1;
                }
                at += 1;
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if let Some((_, quoted)) = text.split_once('"') {
                    let value = quoted.trim_end_matches('#').trim_end_matches('"').to_owned();
                    found.push(Mention { line: line(&trees[at]), what: What::Literal(value) });
                }
                at += 1;
            }
            TokenTree::Punct(_) => at += 1,
        }
    }
}

/// Reads the path that begins at `at` and returns where it ends; groups of a `use` are spelt out.
fn path(
    trees: &[TokenTree],
    mut at: usize,
    before: &[String],
    inside: &mut Vec<String>,
    found: &mut Vec<Mention>,
) -> usize {
    let start = line(&trees[at]);
    let mut segments = before.to_vec();
    loop {
        match trees.get(at) {
            Some(TokenTree::Ident(word)) => segments.push(word.to_string()),
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => segments.push("*".to_owned()),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let members: Vec<TokenTree> = group.stream().into_iter().collect();
                let mut member = 0;
                while member < members.len() {
                    member = match &members[member] {
                        TokenTree::Punct(comma) if comma.as_char() == ',' => member + 1,
                        _ => path(&members, member, &segments, inside, found).max(member + 1),
                    };
                }
                return at + 1;
            }
            _ => break,
        }
        at += 1;
        if !(is_punct(trees.get(at), ':') && is_punct(trees.get(at + 1), ':')) {
            break;
        }
        at += 2;
    }
    if is_punct(trees.get(at), '!') && matches!(trees.get(at + 1), Some(TokenTree::Group(_))) {
        found.push(Mention { line: start, what: What::Macro(segments.last().cloned().unwrap_or_default()) });
    }
    found.push(Mention { line: start, what: What::Path { segments, inside: inside.clone() } });
    at
}

/// Passes over the item after `#[cfg(test)]`: up to its braces or its semicolon.
fn skip_item(trees: &[TokenTree], mut at: usize, found: &mut Vec<Mention>) -> usize {
    if let (Some(TokenTree::Ident(word)), Some(name), true) =
        (trees.get(at), trees.get(at + 1), is_punct(trees.get(at + 2), ';'))
        && word == "mod"
    {
        found.push(Mention { line: line(name), what: What::TestModule(name.to_string()) });
    }
    let imports = matches!(trees.get(at), Some(TokenTree::Ident(word)) if word == "use");
    while let Some(tree) = trees.get(at) {
        at += 1;
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && !imports => break,
            TokenTree::Punct(end) if end.as_char() == ';' => break,
            _ => {}
        }
    }
    at
}

fn is_test_attribute(trees: &[TokenTree]) -> bool {
    is_punct(trees.first(), '#')
        && matches!(trees.get(1), Some(TokenTree::Group(group)) if group.stream().to_string().replace(' ', "") == "cfg(test)")
}

fn is_module(trees: &[TokenTree]) -> bool {
    matches!(trees, [_, TokenTree::Ident(_), TokenTree::Group(_), ..])
}

fn is_punct(tree: Option<&TokenTree>, sign: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn line(tree: &TokenTree) -> usize {
    tree.span().start().line
}
