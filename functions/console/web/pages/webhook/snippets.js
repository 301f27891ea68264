// The code with which a receiver verifies requests, as in docs/verifying.md; a test compares the two.

/** Functions that verify the signature of a request, and of its URL, by language. */
export const SNIPPETS = {
  JavaScript: `import { createHmac, timingSafeEqual } from "node:crypto";

// secret: "whsec_…"; headers: an object, as in \`request.headers\`; body: a Buffer with the bytes as they came.
export function verify(secret, headers, body) {
  const sentAt = headers["webhook-timestamp"] ?? "";
  if (!/^\\d+$/.test(sentAt) || Math.abs(Date.now() / 1000 - Number(sentAt)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const hmac = createHmac("sha256", key).update(\`\${headers["webhook-id"] ?? ""}.\${sentAt}.\`).update(body);
  const expected = Buffer.from("v1," + hmac.digest("base64"));
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

// url: scheme and host of the webhook, and path and query as they came.
export function verifyUrl(secret, headers, method, url) {
  const given = { ...headers, "webhook-signature": headers["webhook-url-signature"] };
  return verify(secret, given, Buffer.from(\`\${method} \${url}\`));
}
`,
  Python: `import base64, hashlib, hmac, re, time

def verify(secret, headers, body):
    """secret: "whsec_…"; headers: a mapping; body: the bytes as they came."""
    sent_at = headers.get("webhook-timestamp", "")
    if not re.fullmatch("[0-9]{1,15}", sent_at) or abs(time.time() - int(sent_at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)

def verify_url(secret, headers, method, url):
    """url: scheme and host of the webhook, and path and query as they came."""
    given = {**headers, "webhook-signature": headers.get("webhook-url-signature", "")}
    return verify(secret, given, f"{method} {url}".encode())
`,
  PHP: `<?php
// $secret: "whsec_…"; $headers: an array; $body: file_get_contents("php://input").
function verify(string $secret, array $headers, string $body): bool
{
    $sentAt = $headers["webhook-timestamp"] ?? "";
    if (!preg_match('/^\\d{1,15}$/D', $sentAt) || abs(time() - (int) $sentAt) > 300) {
        return false;
    }
    $key = base64_decode(substr($secret, strlen("whsec_")), true);
    if ($key === false) {
        return false;
    }
    $signed = ($headers["webhook-id"] ?? "") . "." . $sentAt . "." . $body;
    $expected = "v1," . base64_encode(hash_hmac("sha256", $signed, $key, true));
    foreach (explode(" ", $headers["webhook-signature"] ?? "") as $given) {
        if (hash_equals($expected, $given)) {
            return true;
        }
    }
    return false;
}

// $url: scheme and host of the webhook, and path and query as they came.
function verify_url(string $secret, array $headers, string $method, string $url): bool
{
    $given = ["webhook-signature" => $headers["webhook-url-signature"] ?? ""] + $headers;
    return verify($secret, $given, "$method $url");
}
`,
  Go: `package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Verify takes the secret "whsec_…" and the bytes of the body as they came.
func Verify(secret string, header http.Header, body []byte) bool {
	sentAt := header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(sentAt, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return false
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) == 0 {
		return false
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(header.Get("webhook-id") + "." + sentAt + "."))
	mac.Write(body)
	expected := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, given := range strings.Split(header.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(given), []byte(expected)) {
			return true
		}
	}
	return false
}

// VerifyURL takes scheme and host of the webhook, and path and query as they came.
func VerifyURL(secret string, header http.Header, method, url string) bool {
	given := header.Clone()
	given.Set("webhook-signature", header.Get("webhook-url-signature"))
	return Verify(secret, given, []byte(method+" "+url))
}
`,
  Ruby: `require "openssl"

# secret: "whsec_…"; headers: a Hash; body: a String with the bytes as they came.
def verify(secret, headers, body)
  sent_at = headers["webhook-timestamp"].to_s
  return false unless sent_at.match?(/\\A\\d+\\z/) && (Time.now.to_i - sent_at.to_i).abs <= 300

  key = secret.delete_prefix("whsec_").unpack1("m0")
  signed = "#{headers["webhook-id"]}.#{sent_at}.".b + body.b
  expected = "v1," + [OpenSSL::HMAC.digest("SHA256", key, signed)].pack("m0")
  headers["webhook-signature"].to_s.split(" ").any? { |one| OpenSSL.secure_compare(one, expected) }
end

# url: scheme and host of the webhook, and path and query as they came.
def verify_url(secret, headers, method, url)
  verify(secret, headers.merge("webhook-signature" => headers["webhook-url-signature"]), "#{method} #{url}")
end
`,
  Java: `import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class Webhooks {
    /** Takes the secret "whsec_…", the headers by their names in lower case, and the bytes of the body as they came. */
    static boolean verify(String secret, Map<String, String> headers, byte[] body) throws GeneralSecurityException {
        String sentAt = headers.getOrDefault("webhook-timestamp", "");
        if (!sentAt.matches("[0-9]{1,15}")
                || Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(sentAt)) > 300) {
            return false;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        mac.update((headers.getOrDefault("webhook-id", "") + "." + sentAt + ".").getBytes(UTF_8));
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body))).getBytes(UTF_8);
        for (String given : headers.getOrDefault("webhook-signature", "").split(" ")) {
            if (MessageDigest.isEqual(expected, given.getBytes(UTF_8))) {
                return true;
            }
        }
        return false;
    }

    /** Takes scheme and host of the webhook, and path and query as they came. */
    static boolean verifyUrl(String secret, Map<String, String> headers, String method, String url)
            throws GeneralSecurityException {
        Map<String, String> given = new HashMap<>(headers);
        given.put("webhook-signature", headers.getOrDefault("webhook-url-signature", ""));
        return verify(secret, given, (method + " " + url).getBytes(UTF_8));
    }
}
`,
};
