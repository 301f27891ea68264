// Reads and writes the local cloud's tables, for data that the API cannot create: figures and reports of past days, in large numbers.
import { createHash, createHmac } from 'node:crypto';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** Calls DynamoDB, signed with the local cloud's credentials. */
async function call(operation, input) {
  const endpoint = new URL(process.env.AWS_ENDPOINT_URL ?? 'http://127.0.0.1:4566');
  const { AWS_ACCESS_KEY_ID: id = 'test', AWS_SECRET_ACCESS_KEY: secret = 'test', AWS_REGION: region = 'us-east-1' } = process.env;
  const body = JSON.stringify(input);
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${region}/dynamodb/aws4_request`;
  const headers = { 'content-type': 'application/x-amz-json-1.0', host: endpoint.host, 'x-amz-date': time, 'x-amz-target': `DynamoDB_20120810.${operation}` };
  const names = Object.keys(headers).sort();
  const canonical = ['POST', '/', '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), sha256(body)].join('\n');
  const key = [time.slice(0, 8), region, 'dynamodb', 'aws4_request'].reduce(hmac, `AWS4${secret}`);
  const signature = createHmac('sha256', key).update(['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const response = await fetch(endpoint, { method: 'POST', headers: { ...headers, authorization }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${operation} was answered ${response.status}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** Table of deliveries, journal and figures. */
export const deliveriesTable = () => process.env.CALLHOOK_DELIVERIES_TABLE ?? (() => {
  throw new Error('CALLHOOK_DELIVERIES_TABLE is not set: run this with the local cloud\'s "exec"');
})();

/** Writes items, 25 at a time and eight requests at a time. */
export async function putAll(table, items) {
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, index) => items.slice(index * 25, index * 25 + 25));
  const work = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) {
      let left = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) };
      while (Object.keys(left).length) ({ UnprocessedItems: left = {} } = await call('BatchWriteItem', { RequestItems: left }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

/** Items of a partition. */
export async function query(table, partition, limit = 100) {
  const { Items } = await call('Query', { TableName: table, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: partition } }, Limit: limit });
  return Items;
}
