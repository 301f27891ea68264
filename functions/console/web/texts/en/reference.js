// The texts of the API reference.

export const reference = {
  reference: {
    title: 'Callhook API',
    list: 'Operations',
    search: 'Find an operation',
    console: 'Console',
    failed: 'The API document cannot be read. Check your connection, then try again.',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Responses',
    request: 'Request',
    answer: 'Response',
    required: 'required',
    in: { path: 'in the path', query: 'in the query', header: 'header', cookie: 'cookie' },
    anyName: '(any name)',
    fieldsOf: 'Fields of {name}',
    noKey: 'Takes no key.',
    anyKey: 'Any key may call it.',
    scope: 'Scope:',
  },
};
