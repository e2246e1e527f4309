package org.layerwise.checkpoint.hub;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.layerwise.base.UserException;

/**
 * Messages for refusals of the hub, which gives the reason in {@code X-Error-Code} (huggingface_hub,
 * {@code hf_raise_for_status}).
 *
 * @param settings settings with the address of the hub
 * @param id the requested model
 * @param revision its revision
 */
record HubErrors(HubSettings settings, HubId id, String revision) {

    private static final String INVALID_TOKEN = "Invalid credentials in Authorization header";

    /**
     * Accepts an answer that is no error, and throws an exception otherwise.
     *
     * @param file the requested file; empty if the request was for the model's list of files
     * @throws ServerBusyException if another attempt may help
     * @throws UserException if another attempt cannot help
     */
    void check(HubHttp.Reply reply, String file) throws IOException {
        int status = reply.status();
        if (status < 400) {
            return;
        }
        String code = reply.header("X-Error-Code").orElse("");
        String message = reply.header("X-Error-Message").orElse("");
        if (status == 408 || status == 429 || status >= 500) {
            throw new ServerBusyException(status, retryAfter(reply));
        }
        throw new UserException(refusal(status, code, message, file));
    }

    private String refusal(int status, String code, String message, String file) {
        if (code.equals("GatedRepo")) {
            return settings.token().isEmpty()
                    ? "%s is given only to those who have accepted its licence: accept it at %s, and set HF_TOKEN to a token of your account."
                            .formatted(id, settings.page(id))
                    : "%s is given only to those who have accepted its licence: accept it at %s with the account whose token is set."
                            .formatted(id, settings.page(id));
        }
        if (code.equals("RevisionNotFound")) {
            return "%s has no revision '%s' on the hub; leave it out for main, or choose one of %s/refs."
                    .formatted(id, revision, settings.page(id));
        }
        if (code.equals("EntryNotFound")) {
            return "%s (%s) has no file %s on the hub; choose another revision.".formatted(id, revision, file);
        }
        if (status == 401 && message.contains(INVALID_TOKEN)) {
            return "%s does not accept the token in HF_TOKEN or the token's file; make a new one at %s/settings/tokens."
                    .formatted(settings.endpoint(), settings.endpoint());
        }
        if (message.startsWith("Access to this resource is disabled")) {
            return "The hub has disabled access to %s; look at %s for the reason.".formatted(id, settings.page(id));
        }
        if (status == 401 || status == 404) {
            return settings.token().isEmpty()
                    ? "The hub shows no model %s: check the spelling at %s, or set HF_TOKEN if the model is private."
                            .formatted(id, settings.page(id))
                    : "The hub shows no model %s to the account whose token is set: check the spelling at %s, or ask its owner for access."
                            .formatted(id, settings.page(id));
        }
        if (status == 403) {
            return "The hub forbids access to %s%s; accept its licence at %s, or use a token with the right to read it."
                    .formatted(id, message.isEmpty() ? "" : " (" + plain(message) + ")", settings.page(id));
        }
        return "The hub refuses %s%s with the code %s%s; look at %s."
                .formatted(
                        file.isEmpty() ? "" : file + " of ",
                        id,
                        status,
                        message.isEmpty() ? "" : " (" + plain(message) + ")",
                        settings.page(id));
    }

    private static String plain(String message) {
        String line = message.replaceAll("\\s+", " ").strip().replaceAll("\\.$", "");
        return line.length() <= 200 ? line : line.substring(0, 200) + "…";
    }

    /** Returns the wait of a Retry-After header, which gives seconds or a date (RFC 9110). */
    private static Optional<Duration> retryAfter(HubHttp.Reply reply) {
        return reply.headers().firstValue("Retry-After").map(String::strip).flatMap(text -> {
            if (text.matches("\\d{1,9}")) {
                return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
            }
            try {
                Duration until = Duration.between(
                        Instant.now(),
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                .toInstant());
                return Optional.of(until.isNegative() ? Duration.ZERO : until);
            } catch (DateTimeException e) {
                return Optional.empty(); // a value that cannot be understood is ignored
            }
        });
    }
}
