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
    in: { path: 'in the path', query: 'in the query', header: 'header', platform: 'header, platform keys only', cookie: 'cookie' },
    anyName: '(any name)',
    fieldsOf: 'Fields of {name}',
    noKey: 'Needs no key.',
    anyKey: 'Any key may call it.',
    scope: 'Scope:',
    steps: {
      title: 'First steps',
      webhook: 'Create a webhook',
      webhookText: 'Set KEY to your API key. The answer has the webhook’s id, and its signing secret this once: keep both. Set WEBHOOK_ID to the id.',
      test: 'Send a test',
      testText: 'Sends one signed request with a sample report now, and returns the receiver’s response.',
      report: 'Submit a report',
      reportText: 'Callhook answers immediately with the report’s id and delivers the report to the webhook.',
    },
  },
};
