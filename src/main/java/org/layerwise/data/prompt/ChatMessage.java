package org.layerwise.data.prompt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, or what the template knows beside these
 * @param content what is said and shown, in this order
 * @param more what else the template is given of it, such as {@code tool_calls}: values of JSON's kinds by their names
 */
public record ChatMessage(String role, List<Part> content, Map<String, Object> more) {

    public ChatMessage {
        content = List.copyOf(content);
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** A turn with nothing else. */
    public ChatMessage(String role, List<Part> content) {
        this(role, content, Map.of());
    }

    /** A piece of a turn. */
    public sealed interface Part {}

    /** Text. */
    public record Text(String text) implements Part {}

    /** A place for an image; which one, the data say. */
    public record Image() implements Part {}

    /** A turn of text only. */
    public static ChatMessage of(String role, String text) {
        return new ChatMessage(role, List.of(new Text(text)));
    }

    /** A turn of the user that shows an image before the text. */
    public static ChatMessage ofUserWithImage(String text) {
        return new ChatMessage("user", List.of(new Image(), new Text(text)));
    }

    /** Whether there is no image in it. */
    public boolean textOnly() {
        return content.stream().allMatch(Text.class::isInstance);
    }

    /** All text of it. */
    public String text() {
        return content.stream()
                .filter(Text.class::isInstance)
                .map(part -> ((Text) part).text())
                .collect(Collectors.joining());
    }
}
