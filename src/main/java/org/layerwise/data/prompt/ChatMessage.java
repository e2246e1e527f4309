package org.layerwise.data.prompt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Turn of a conversation.
 *
 * @param role speaker: {@code system}, {@code user}, {@code assistant}, or another role that the template knows
 * @param content texts and images of the turn, in order
 * @param more further values for the template, such as {@code tool_calls}: values of JSON's kinds by their names
 */
public record ChatMessage(String role, List<Part> content, Map<String, Object> more) {

    public ChatMessage {
        content = List.copyOf(content);
        more = Collections.unmodifiableMap(new LinkedHashMap<>(more));
    }

    /** Creates a turn without further values. */
    public ChatMessage(String role, List<Part> content) {
        this(role, content, Map.of());
    }

    /** Part of a turn. */
    public sealed interface Part {}

    /** Text of a turn. */
    public record Text(String text) implements Part {}

    /** Placeholder of an image; the data determine the image. */
    public record Image() implements Part {}

    /** Creates a turn of text only. */
    public static ChatMessage of(String role, String text) {
        return new ChatMessage(role, List.of(new Text(text)));
    }

    /** Creates a turn of the user with an image before the text. */
    public static ChatMessage ofUserWithImage(String text) {
        return new ChatMessage("user", List.of(new Image(), new Text(text)));
    }

    /** Returns true if the turn contains no image. */
    public boolean textOnly() {
        return content.stream().allMatch(Text.class::isInstance);
    }

    /** Returns all text of the turn. */
    public String text() {
        return content.stream()
                .filter(Text.class::isInstance)
                .map(part -> ((Text) part).text())
                .collect(Collectors.joining());
    }
}
