# Checks what a Deskframe has signed: who opened your app, in which conversation. The gem jwt does the cryptography.

require "base64"
require "digest"
require "json"
require "jwt"
require "net/http"

class DeskVerifier
  Refused = Class.new(StandardError)

  SKEW = 60 # seconds by which clocks may differ
  REQUIRED = %w[iss aud azp sub iat nbf exp jti sid].freeze

  # `first_use` is told a jti and how many seconds to remember it, and says whether it is new. Ask what all your
  # processes share: Rails.cache.write(jti, true, unless_exist: true, expires_in: seconds).
  def initialize(desk:, client_id:, origin:, first_use:)
    @desk, @client_id, @origin, @first_use = desk, client_id, origin, first_use
    @fetched_at = Time.at(0)
  end

  # The claims of a token of the kind that you want, "launch" or "context"; raises Refused where anything about it is
  # wrong. For a launch, `url` is the address that you were asked for.
  def verify(token, kind, url: nil)
    claims, header = JWT.decode(token, nil, true, **rules(kind))
    raise Refused, "not a #{kind} token" unless header["typ"] == "deskframe-#{kind}+jwt"
    raise Refused, "a header that nobody knows" if header.key?("crit")
    raise Refused, "made for another app" unless claims["aud"] == "#{@client_id}/#{kind}"
    raise Refused, "made for another origin" unless claims["azp"] == @origin

    check_launch(claims, url) if kind == "launch"
    claims
  rescue JWT::DecodeError, JSON::ParserError, SystemCallError => error
    raise Refused, error.message
  end

  # SHA-256 of origin, path and query: without the fragment, and without the token itself.
  def self.url_hash(url)
    plain, query = url.split("#").first.split("?", 2)
    plain += "/" if plain.count("/") == 2
    pairs = query.to_s.split("&").reject { |pair| pair.empty? || pair.start_with?("desk_token=") }
    plain += "?#{pairs.join("&")}" unless pairs.empty?
    Base64.urlsafe_encode64(Digest::SHA256.digest(plain), padding: false)
  end

  private

  def rules(kind)
    {
      algorithms: ["ES256"], jwks: method(:keys), required_claims: REQUIRED, leeway: SKEW,
      iss: @desk, verify_iss: true, aud: "#{@client_id}/#{kind}", verify_aud: true
    }
  end

  def check_launch(claims, url)
    raise Refused, "made for another address" unless claims["uh"] == self.class.url_hash(url.to_s)
    raise Refused, "used before" unless @first_use.call(claims["jti"], claims["exp"] + SKEW - Time.now.to_i)
  end

  # The desk's keys, kept for an hour; fetched again for one that is not among them, at most every thirty seconds.
  def keys(options)
    age = Time.now - @fetched_at
    if age > 3600 || (options[:kid_not_found] && age > 30)
      @keys = JSON.parse(Net::HTTP.get(URI("#{@desk}/.well-known/jwks.json")), symbolize_names: true)
      @fetched_at = Time.now
    end
    @keys
  end
end
