//! The images that a manifest names, read from YAML events so that no alias is ever expanded.

use saphyr_parser::{Event, Parser};
use std::collections::HashMap;

/// Where a text stops being YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotYaml {
    /// Counted from 1.
    pub(super) line: usize,
}

/// The images of Kubernetes manifests (`image` of a container, `image.reference` of a volume) and Compose files (`image`
/// of a service), as written; what Compose builds itself need not exist.
pub(super) fn images(text: &str) -> Result<Vec<String>, NotYaml> {
    let mut reader = Reader::default();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.map_err(|error| NotYaml { line: error.marker().line() })?;
        reader.take(event);
    }
    Ok(reader.found)
}

#[derive(Default)]
struct Reader {
    open: Vec<Node>,
    anchors: HashMap<usize, String>,
    found: Vec<String>,
}

/// A mapping or sequence that is not closed yet.
enum Node {
    Sequence,
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    /// The key that this mapping is the value of.
    under: Option<String>,
    /// The key whose value comes next.
    key: Option<String>,
    image: Option<String>,
    is_built: bool,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Scalar(text, _, anchor, _) => {
                if anchor > 0 {
                    self.anchors.insert(anchor, text.to_string());
                }
                self.scalar(&text);
            }
            Event::Alias(anchor) => {
                let text = self.anchors.get(&anchor).cloned().unwrap_or_default();
                self.scalar(&text);
            }
            Event::SequenceStart(..) => self.open.push(Node::Sequence),
            Event::MappingStart(..) => {
                if self.is_template() {
                    self.found.push("{{ … }}".to_owned());
                }
                let under = match self.open.last() {
                    Some(Node::Mapping(parent)) => parent.key.clone(),
                    _ => None,
                };
                self.open.push(Node::Mapping(Mapping { under, ..Mapping::default() }));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
    }

    /// `image: {{ .Values.image }}` is YAML too: a mapping whose key is a mapping.
    fn is_template(&self) -> bool {
        matches!(self.open.last(), Some(Node::Mapping(Mapping { under: Some(under), key: None, .. })) if under == "image")
    }

    fn scalar(&mut self, text: &str) {
        let Some(Node::Mapping(mapping)) = self.open.last_mut() else { return };
        let Some(key) = mapping.key.take() else {
            mapping.key = Some(text.to_owned());
            return;
        };
        let is_volume = key == "reference" && mapping.under.as_deref() == Some("image");
        if (key == "image" || is_volume) && !["", "~", "null"].contains(&text) {
            mapping.image = Some(text.to_owned());
        }
        mapping.is_built |= key == "build";
    }

    fn close(&mut self) {
        if let Some(Node::Mapping(Mapping { image: Some(image), is_built: false, .. })) = self.open.pop() {
            self.found.push(image);
        }
        if let Some(Node::Mapping(parent)) = self.open.last_mut() {
            // What was closed is the value of the key before it; without one it is a key itself, and of no interest.
            parent.is_built |= parent.key.as_deref() == Some("build");
            parent.key = if parent.key.is_some() { None } else { Some(String::new()) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use indoc::indoc;

    #[test]
    fn containers_of_every_kind_are_read_from_all_documents() {
        let text = indoc! {"
            # Source: shop/templates/deployment.yaml
            apiVersion: apps/v1
            kind: Deployment
            spec:
              template:
                spec:
                  initContainers:
                    - name: migrate
                      image: contosoacr.azurecr.io/team/migrate:1.0
                  containers:
                    - image: \"contosoacr.azurecr.io/team/app@sha256:00\"
                      env: [{name: image, value: not-one}]
                    - {name: side, image: docker.io/envoy:1}
                  volumes:
                    - name: model
                      image: {reference: contosoacr.azurecr.io/team/model:2, pullPolicy: Always}
            ---
            kind: CronJob
            spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: busybox}]}}}}}
        "};
        let expected = [
            "contosoacr.azurecr.io/team/migrate:1.0",
            "contosoacr.azurecr.io/team/app@sha256:00",
            "docker.io/envoy:1",
            "contosoacr.azurecr.io/team/model:2",
            "busybox",
        ];
        assert_eq!(images(text).unwrap(), expected);
    }

    #[test]
    fn what_compose_builds_is_not_asked_for() {
        let text = indoc! {"
            x-base: &base contosoacr.azurecr.io/team/base:1
            services:
              web: {image: contosoacr.azurecr.io/team/web:1}
              api:
                image: contosoacr.azurecr.io/team/api:1
                build: .
              jobs:
                build: {context: .}
                image: contosoacr.azurecr.io/team/jobs:1
              cron: {image: *base}
        "};
        assert_eq!(images(text).unwrap(), ["contosoacr.azurecr.io/team/web:1", "contosoacr.azurecr.io/team/base:1"]);
    }

    #[test]
    fn json_is_yaml_and_odd_shapes_do_no_harm() {
        assert_eq!(
            images(r#"{"items": [{"image": "a"}, {"image": null}, {"image": {"image": "b"}}]}"#).unwrap(),
            ["a", "b"]
        );
        assert_eq!(images("? {image: a}\n: {image: b}\n? [image, c]\n: image\nimage: d\n").unwrap(), ["a", "b", "d"]);
        assert_eq!(images("image: {{ .Values.image }}").unwrap(), ["{{ … }}"]);
        assert_eq!(images("").unwrap(), [""; 0]);
        assert_eq!(images("image").unwrap(), [""; 0]);
    }

    #[test]
    fn a_billion_laughs_are_not_laughed() {
        let mut text = "a0: &a0 {image: x}\n".to_owned();
        for depth in 1..40 {
            let before = depth - 1;
            text += &format!("a{depth}: &a{depth} [*a{before}, *a{before}, *a{before}, *a{before}]\n");
        }
        assert_eq!(images(&text).unwrap(), ["x"]);
    }

    #[test]
    fn deep_nesting_ends_in_an_answer() {
        let text = "[".repeat(200_000);
        assert!(images(&text).is_err());
        let _ = images(&"- ".repeat(50_000));
    }

    #[test]
    fn what_is_not_yaml_is_named_by_its_line() {
        assert_eq!(images("a: b\nimage: {{ .Values.image }}:{{ .Values.tag }}\n").unwrap_err().line, 2);
    }
}
