// Reads an OpenAPI document for the API reference.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** The target of a node's `$ref` in the document, else the node itself. */
export function resolved(document, node) {
  if (!node?.$ref) return node;
  return node.$ref.slice(2).split('/').reduce((part, name) => part?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

/** The name of a schema that a `$ref` leads to. */
export const nameOf = (schema) => schema?.$ref?.split('/').at(-1);

/** Whether a parameter is the header with which a platform key acts for an account; other keys do not need it. */
export const isOfPlatform = ({ name, in: place }) => place === 'header' && name === 'X-Account-Id';

/** The parameters, with that of platform keys last. */
const ordered = (parameters) => [...parameters.filter((parameter) => !isOfPlatform(parameter)), ...parameters.filter(isOfPlatform)];

/** All operations: `id`, `method`, `path`, `summary`, `description`, `tag`, `scopes`, `parameters`, `body`, `answers`. */
export function operationsOf(document) {
  return Object.entries(document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => {
    const operation = item[method];
    const security = operation.security ?? document.security ?? [];
    return {
      id: operation.operationId,
      method: method.toUpperCase(),
      path,
      summary: operation.summary,
      description: operation.description,
      tag: operation.tags?.[0] ?? '',
      needsKey: security.length > 0,
      scopes: security.flatMap((required) => Object.values(required).flat()),
      parameters: ordered([...(item.parameters ?? []), ...(operation.parameters ?? [])].map((parameter) => resolved(document, parameter))),
      body: resolved(document, operation.requestBody),
      answers: Object.entries(operation.responses).map(([status, answer]) => ({ status, ...resolved(document, answer) })),
    };
  }));
}

/** The operations of each tag, in the document's order: `{ name, description, operations }`. */
export function groupsOf(document) {
  const operations = operationsOf(document);
  const tags = [...(document.tags ?? [])];
  operations.forEach(({ tag }) => tags.some(({ name }) => name === tag) || tags.push({ name: tag }));
  return tags.map((tag) => ({ ...tag, operations: operations.filter((operation) => operation.tag === tag.name) })).filter(({ operations }) => operations.length);
}

/** The operations in which every word of a text occurs. */
export function found(operations, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return operations.filter(({ id, method, path, summary = '', tag }) => {
    const all = `${id} ${method} ${path} ${summary} ${tag}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

const isNull = (schema) => schema.type === 'null';

/** The variants of a schema without `null`, and whether `null` is allowed. A schema without variants is its only one. */
export function variantsOf(schema) {
  if (schema.oneOf) return { variants: schema.oneOf.filter((variant) => !isNull(variant)), nullable: schema.oneOf.some(isNull) };
  const types = [schema.type ?? []].flat();
  const others = types.filter((type) => type !== 'null');
  return { variants: [{ ...schema, type: others.length > 1 ? others : others[0] }], nullable: others.length < types.length };
}

/** The type of a schema in words: "string (uuid) or null", "array of Report". */
export function typeOf(document, schema) {
  const { variants, nullable } = variantsOf(schema ?? {});
  const words = variants.map((variant) => {
    if (nameOf(variant)) return nameOf(variant);
    if (variant.type === 'array') return `array of ${typeOf(document, variant.items ?? {})}`;
    const type = [variant.type ?? (variant.properties ? 'object' : 'any')].flat().join(' or ');
    return variant.format ? `${type} (${variant.format})` : type;
  });
  return [...new Set(words), ...(nullable ? ['null'] : [])].join(' or ');
}

const range = (least, most, unit) => {
  if (least === undefined && most === undefined) return null;
  if (least === undefined) return `at most ${most}${unit}`;
  if (most === undefined) return `at least ${least}${unit}`;
  return least === most ? `exactly ${least}${unit}` : `${least} to ${most}${unit}`;
};

/** Whether to show a pattern. Those with control characters do not help a reader. */
const isReadable = (pattern) => pattern && !pattern.includes('\\x');

/** The limits of a value beside its type: bounds, a pattern, a default. */
export function limitsOf(schema) {
  return [
    range(schema.minimum, schema.maximum, ''),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
    range(schema.minProperties, schema.maxProperties, ' fields'),
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
    isReadable(schema.pattern) && `matches ${schema.pattern}`,
  ].filter(Boolean);
}

/** The schema below which a value has fields: the object itself, or the items of an array. */
export function fieldsOf(document, schema) {
  const target = resolved(document, schema);
  if (target?.type === 'array' && target.items) return fieldsOf(document, target.items);
  const hasFields = target?.properties || typeof target?.additionalProperties === 'object';
  return hasFields ? target : null;
}

/** The media type and the content of a body that is shown first. */
export function contentOf(message) {
  const [type, content] = Object.entries(message?.content ?? {})[0] ?? [];
  return type ? { type, ...content } : null;
}

/** The example of a body: that of the document, else the first of its list. */
export const exampleOf = (content) => content?.example ?? content?.schema?.example ?? Object.values(content?.examples ?? {})[0]?.value;

/** A description in pieces: text, and code between backticks. */
export function piecesOf(text) {
  return text.split(/(`[^`]+`)/).filter(Boolean).map((piece) => (/^`[^`]+`$/.test(piece) ? { code: piece.slice(1, -1) } : { text: piece }));
}
