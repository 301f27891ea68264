// Preset requests in the API's format. `url: null` keeps the typed URL; `query` is appended to it. Names and
// descriptions are in the texts, by `id`.

const CALL = { call: '{{id}}', to: '{{to}}', status: '{{status}}' };

export const PRESETS = [
  { id: 'default', method: 'POST', url: null, body: null },
  {
    id: 'query', method: 'GET', url: null, query: 'call_id={{id}}&to={{to}}&message_status={{status}}', body: null,
  },
  {
    id: 'documented',
    method: 'POST',
    url: 'https://www.domain.com/ack/receive?id={{id}}',
    headers: { Authorization: 'Bearer %token%' },
    body: { format: 'json', template: { id: '{{id}}', to: '{{to}}', status: '{{status}}', duration: '{{duration}}' } },
  },
  {
    id: 'slack',
    method: 'POST',
    // The last part of the URL authorizes the sender, so it is a secret.
    url: 'https://hooks.slack.com/services/T00000000/B00000000/%slack%',
    body: { format: 'json', template: { text: 'Call to {{to}}: *{{status | capitalize}}*, {{duration | default: 0}} s' } },
  },
  {
    id: 'teams',
    method: 'POST',
    url: 'https://prod-00.westeurope.logic.azure.com/workflows/0000/triggers/manual/paths/invoke'
      + '?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=%sig%',
    body: {
      format: 'json',
      template: {
        type: 'message',
        attachments: [{
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', size: 'Medium', weight: 'Bolder', text: 'Call to {{to}}: {{status | capitalize}}' },
              {
                type: 'FactSet',
                facts: [
                  { title: 'From', value: '{{from}}' },
                  { title: 'Started', value: "{{start_at | date_format: 'd M Y, H:i'}}" },
                  { title: 'Duration', value: '{{duration | default: 0}} s' },
                ],
              },
            ],
          },
        }],
      },
    },
  },
  {
    id: 'script',
    method: 'POST',
    url: 'https://script.google.com/macros/s/YOUR_DEPLOYMENT/exec',
    // The script's web app runs doPost, then answers 302. A script that failed may answer 200.
    success_codes: [302],
    body: { format: 'json', template: CALL },
  },
  {
    id: 'zapier',
    method: 'POST',
    url: 'https://hooks.zapier.com/hooks/catch/1234567/%zap%/',
    body: {
      format: 'json',
      template: {
        call_id: '{{id}}',
        from: '{{from}}',
        to: '{{to}}',
        status: '{{status}}',
        started_at: '{{start_at_iso8601}}',
        duration_seconds: '{{duration | default: 0 | number}}',
        recording_url: '{{recording_url}}',
      },
    },
  },
  {
    id: 'hubspot',
    method: 'POST',
    url: 'https://api.hubapi.com/crm/v3/objects/calls',
    headers: { Authorization: 'Bearer %hubspot_token%' },
    // HubSpot answers 201 when it has created a record. Its durations are milliseconds.
    success_codes: [200, 201],
    body: {
      format: 'json',
      template: {
        properties: {
          hs_timestamp: '{{start_at_iso8601 | default: date_iso8601}}',
          hs_call_title: 'Call to {{to}}: {{status | capitalize}}',
          hs_call_direction: 'OUTBOUND',
          hs_call_from_number: '{{from}}',
          hs_call_to_number: '{{to}}',
          hs_call_duration: '{{duration | times: 1000}}',
          hs_call_recording_url: '{{recording_url}}',
        },
      },
    },
  },
  {
    id: 'salesforce',
    method: 'POST',
    url: 'https://webto.salesforce.com/servlet/servlet.WebToLead?encoding=UTF-8',
    body: {
      format: 'form',
      // A lead needs a last name and a company.
      template: {
        oid: '00D000000000000',
        last_name: '{{variables.name | default: to}}',
        company: "{{variables.company | default: 'Unknown'}}",
        phone: '+{{to}}',
        lead_source: 'Call',
        description: '{{status}}, {{duration | default: 0}} s, {{start_at}}',
      },
    },
  },
  { id: 'form', method: 'POST', url: null, body: { format: 'form', template: { ...CALL, duration: '{{duration}}', started: '{{start_at}}' } } },
];

/** The URL of a preset while no URL was typed. */
export const EXAMPLE_URL = 'https://www.example.com/ack/receive';

/** The settings of a preset for the API, with the typed URL if the preset keeps it. */
export function settingsOfPreset(preset, typedUrl = '') {
  const { method, query, headers = {}, body, success_codes: codes = [200, 202] } = preset;
  const base = preset.url ?? (typedUrl.trim() || EXAMPLE_URL);
  const url = query ? `${base.split('?', 1)[0]}?${query}` : base;
  return { method, url, headers, body, success_codes: codes };
}
