<?php
/* Checks what a Deskframe has signed: who opened your app, in which conversation. firebase/php-jwt does the
   cryptography: composer install, then require vendor/autoload.php and this file. */

declare(strict_types=1);

use Firebase\JWT\JWK;
use Firebase\JWT\JWT;

final class Refused extends Exception
{
}

final class DeskVerifier
{
    private const SKEW = 60; // seconds by which clocks may differ
    private const REQUIRED = ['iss', 'aud', 'azp', 'sub', 'iat', 'nbf', 'exp', 'jti', 'sid'];

    /** $isFirstUse is told a jti and how long to remember it, and says whether it is new: ask what all your
        processes share, a table with a unique column or Redis' SET NX. */
    public function __construct(
        private string $desk,
        private string $clientId,
        private string $origin,
        private Closure $isFirstUse,
    ) {
    }

    /** The claims of a token of the kind that you want, "launch" or "context"; throws Refused where anything about it
        is wrong. For a launch, $url is the address that you were asked for. */
    public function verify(string $token, string $kind, string $url = ''): array
    {
        $header = json_decode(JWT::urlsafeB64Decode(explode('.', $token)[0]) ?: '', true);
        if (!is_array($header) || ($header['alg'] ?? '') !== 'ES256' || !is_string($header['kid'] ?? null)) {
            throw new Refused('no token of a desk');
        }
        if (isset($header['crit']) || ($header['typ'] ?? '') !== "deskframe-$kind+jwt") {
            throw new Refused("not a $kind token");
        }
        try {
            JWT::$leeway = self::SKEW;
            $claims = json_decode(json_encode(JWT::decode($token, $this->keys($header['kid']))), true);
        } catch (Throwable $error) {
            throw new Refused($error->getMessage());
        }
        $this->check($claims, $kind);
        if ($kind === 'launch') {
            $this->checkLaunch($claims, $url);
        }
        return $claims;
    }

    private function check(array $claims, string $kind): void
    {
        foreach (self::REQUIRED as $name) {
            if (!isset($claims[$name])) {
                throw new Refused("no $name");
            }
        }
        $expected = ['iss' => $this->desk, 'aud' => "$this->clientId/$kind", 'azp' => $this->origin];
        foreach ($expected as $name => $value) {
            if ($claims[$name] !== $value) {
                throw new Refused("$name is not ours");
            }
        }
    }

    private function checkLaunch(array $claims, string $url): void
    {
        if (!hash_equals(self::urlHash($url), $claims['uh'] ?? '')) {
            throw new Refused('made for another address');
        }
        if (!($this->isFirstUse)($claims['jti'], $claims['exp'] + self::SKEW - time())) {
            throw new Refused('used before');
        }
    }

    /** SHA-256 of origin, path and query: without the fragment, and without the token itself. */
    public static function urlHash(string $url): string
    {
        $parts = parse_url($url);
        $keep = fn (string $pair): bool => $pair !== '' && !str_starts_with($pair, 'desk_token=');
        $query = implode('&', array_filter(explode('&', $parts['query'] ?? ''), $keep));
        $port = isset($parts['port']) ? ":{$parts['port']}" : '';
        $plain = "{$parts['scheme']}://{$parts['host']}$port" . ($parts['path'] ?? '/') . ($query ? "?$query" : '');
        return rtrim(strtr(base64_encode(hash('sha256', $plain, true)), '+/', '-_'), '=');
    }

    /** The desk's keys, kept for an hour; fetched again for one that is not among them, at most every 30 seconds. */
    private function keys(string $kid): array
    {
        $file = sys_get_temp_dir() . '/desk-keys-' . hash('sha256', $this->desk) . '.json';
        $kept = is_file($file) ? json_decode((string) file_get_contents($file), true) : null;
        $age = $kept ? time() - filemtime($file) : PHP_INT_MAX;
        $isKnown = in_array($kid, array_column($kept['keys'] ?? [], 'kid'), true);
        if ($age > 3600 || (!$isKnown && $age > 30)) {
            $text = file_get_contents("$this->desk/.well-known/jwks.json");
            if ($text === false) {
                throw new Refused('the keys are out of reach');
            }
            file_put_contents($file, $text, LOCK_EX);
            $kept = json_decode($text, true);
        }
        return JWK::parseKeySet($kept, 'ES256');
    }
}
