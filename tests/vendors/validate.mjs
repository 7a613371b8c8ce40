// Reads XML documents from standard input (JSON) and holds each against the XML schema that the argument names.
import { readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

const schema = XmlDocument.fromString(readFileSync(process.argv[2], 'utf8'));
const validator = XsdValidator.fromDoc(schema);
for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
  const document = XmlDocument.fromString(text);
  try {
    validator.validate(document);
  } catch (error) {
    console.error(`${error.message}\n${text}`);
    process.exitCode = 1;
  }
  document.dispose();
}
