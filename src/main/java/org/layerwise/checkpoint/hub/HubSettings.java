package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerwise.base.Secrets;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * Location of the hub's models and access to the hub, from the same variables as Python's huggingface_hub.
 *
 * @param cache the folder with {@code models--org--name}
 * @param endpoint the hub, without a slash at the end
 * @param login user and password of the endpoint, {@code user:password}, as some mirrors need them
 * @param token token of the user; needed for gated and private models
 * @param offline true if the network must not be used
 * @param proxies proxies for access to the network
 */
public record HubSettings(
        Path cache, URI endpoint, Optional<String> login, Optional<String> token, boolean offline, HubProxies proxies) {

    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})");

    /**
     * Reads {@code HF_HUB_CACHE}, {@code HUGGINGFACE_HUB_CACHE}, {@code HF_HOME}, {@code XDG_CACHE_HOME};
     * {@code HF_ENDPOINT}; {@code HF_TOKEN}, {@code HUGGING_FACE_HUB_TOKEN}, {@code HF_TOKEN_PATH},
     * {@code HF_HUB_DISABLE_IMPLICIT_TOKEN}; {@code HF_HUB_OFFLINE}, {@code TRANSFORMERS_OFFLINE}; {@code HTTP_PROXY},
     * {@code HTTPS_PROXY}, {@code ALL_PROXY}, {@code NO_PROXY}.
     *
     * @param environment such as {@link System#getenv()}
     * @param home the user's home folder
     * @throws UserException if a variable has an invalid value, or the token's file cannot be read
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        Variables variables = new Variables(environment, home);
        Path hubHome = variables.path("HF_HOME").orElseGet(() -> variables
                .path("XDG_CACHE_HOME")
                .orElse(home.resolve(".cache"))
                .resolve("huggingface"));
        Path cache = variables
                .path("HF_HUB_CACHE")
                .or(() -> variables.path("HUGGINGFACE_HUB_CACHE"))
                .orElse(hubHome.resolve("hub"));
        boolean offline = Stream.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE").anyMatch(variables::yes);
        URI endpoint = endpoint(variables.text("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT));
        return new HubSettings(
                cache,
                withoutLogin(endpoint),
                Optional.ofNullable(endpoint.getUserInfo()),
                variables.yes("HF_HUB_DISABLE_IMPLICIT_TOKEN") ? Optional.empty() : token(variables, hubHome),
                offline,
                HubProxies.of(environment));
    }

    /** Returns the address of a model's page on the hub. */
    String page(HubId id) {
        return endpoint + "/" + id;
    }

    /**
     * Returns the header that identifies the user. A login of the endpoint takes precedence over the token, as in
     * Python's requests.
     */
    Optional<String> authorization() {
        return login.map(text -> "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .or(() -> token.map(text -> "Bearer " + text));
    }

    /** Returns the settings without login and token, which must not get into a log. */
    @Override
    public String toString() {
        return "HubSettings[cache=%s, endpoint=%s, login=%s, token=%s, offline=%s, proxies=%s]"
                .formatted(cache, endpoint, told(login), told(token), offline, proxies);
    }

    private static String told(Optional<String> secret) {
        return secret.isPresent() ? "set" : "none";
    }

    private static URI endpoint(String text) {
        try {
            URI uri = new URI(text.replaceAll("/+$", ""));
            if (Set.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return uri;
            }
            throw noAddress(text, "");
        } catch (URISyntaxException e) {
            throw noAddress(text, " (" + e.getReason() + ")"); // the cause would repeat the password
        }
    }

    /**
     * Returns the exception for a text that is not an address. Such a text may contain a password anywhere, so a text
     * with an @ is not repeated.
     */
    private static UserException noAddress(String text, String reason) {
        return new UserException("HF_ENDPOINT is %s, which is no address%s; set one such as %s."
                .formatted(text.contains("@") ? Secrets.HIDDEN : "'" + text + "'", reason, DEFAULT_ENDPOINT));
    }

    private static URI withoutLogin(URI uri) {
        try {
            return new URI(uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e); // a part of a valid address is valid
        }
    }

    private static Optional<String> token(Variables variables, Path hubHome) {
        Optional<String> set = variables.text("HF_TOKEN").or(() -> variables.text("HUGGING_FACE_HUB_TOKEN"));
        if (set.isPresent()) {
            return set.map(text -> clean(text, "HF_TOKEN"));
        }
        Path file = variables.path("HF_TOKEN_PATH").orElse(hubHome.resolve("token"));
        // a file in place of the token's folder is reported by those who need the folder
        if (Stream.iterate(file.getParent(), Objects::nonNull, Path::getParent).anyMatch(Files::isRegularFile)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip())
                    .filter(text -> !text.isEmpty())
                    .map(text -> clean(text, "The file " + file));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // the user has not logged in
        } catch (IOException e) {
            throw new UserException(
                    "Cannot read the hub's token in %s: %s; mend the file or delete it."
                            .formatted(file, FileErrors.reason(e)),
                    e);
        }
    }

    private static String clean(String text, String source) {
        String token = text.replaceAll("[\r\n]", "").strip();
        if (!token.matches("[!-~]+")) {
            throw new UserException(
                    "%s has characters that no token of the hub has; copy the token again.".formatted(source));
        }
        return token;
    }

    private record Variables(Map<String, String> environment, Path home) {

        Optional<String> text(String name) {
            return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
        }

        boolean yes(String name) {
            return text(name)
                    .filter(text -> YES.contains(text.toUpperCase(Locale.ROOT)))
                    .isPresent();
        }

        /** Returns the path in a variable, expanded as by Python's expandvars and expanduser. */
        Optional<Path> path(String name) {
            return text(name).map(text -> {
                Matcher matcher = VARIABLE.matcher(text);
                String expanded = matcher.replaceAll(found -> {
                    String variable = found.group(1) == null ? found.group(2) : found.group(1);
                    return Matcher.quoteReplacement(environment.getOrDefault(variable, found.group()));
                });
                return expanded.equals("~") || expanded.startsWith("~/")
                        ? home.resolve(expanded.substring(Math.min(2, expanded.length())))
                        : Path.of(expanded);
            });
        }
    }
}
