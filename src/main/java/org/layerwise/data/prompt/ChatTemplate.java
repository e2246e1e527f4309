package org.layerwise.data.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.json.Json;
import org.layerwise.data.jinja.JinjaTemplate;
import org.layerwise.data.jinja.TemplateException;
import org.layerwise.data.token.SpecialTokens;

/**
 * Chat template of a checkpoint, which writes a conversation as one text: a Jinja template, rendered as transformers'
 * {@code apply_chat_template} does. Immutable and safe to share between threads.
 */
public final class ChatTemplate {

    private static final long LARGEST = 1 << 20;

    /** Text of a sample turn that shows how a template reads texts; contains no letters, which filters may change. */
    private static final String SAMPLE = "31415926535";

    private final Path file;
    private final JinjaTemplate template;
    private final Map<String, String> specialTokens;
    private final Clock clock;
    private final boolean readsParts;

    private ChatTemplate(Path file, JinjaTemplate template, Map<String, String> specialTokens, Clock clock) {
        this.file = file;
        this.template = template;
        this.specialTokens = specialTokens;
        this.clock = clock;
        this.readsParts = readsParts();
    }

    /**
     * Reads the template of a checkpoint, from {@code chat_template.jinja}, {@code chat_template.json},
     * {@code processor_config.json} or {@code tokenizer_config.json}, the first of these files that has one. Of several
     * named templates the one named {@code default} is read. Empty if there is none.
     *
     * @throws UserException if a file is broken, or the template contains an unknown element
     */
    public static Optional<ChatTemplate> read(Path folder, SpecialTokens specialTokens) {
        return read(folder, specialTokens, Clock.systemDefaultZone());
    }

    /** Reads a template as {@link #read(Path, SpecialTokens)} does, with a clock for templates that write the date. */
    public static Optional<ChatTemplate> read(Path folder, SpecialTokens specialTokens, Clock clock) {
        Path alone = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(alone)) {
            return Optional.of(of(alone, text(alone), specialTokens, clock));
        }
        for (String name : List.of("chat_template.json", "processor_config.json", "tokenizer_config.json")) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                Optional<String> found = inJson(file);
                if (found.isPresent()) {
                    return Optional.of(of(file, found.get(), specialTokens, clock));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Creates a template from its text.
     *
     * @param file file that messages name
     * @throws UserException if the template is broken or contains an unknown element
     */
    public static ChatTemplate of(Path file, String template, SpecialTokens specialTokens, Clock clock) {
        try {
            return new ChatTemplate(file, JinjaTemplate.parse(template), specialTokens.texts(), clock);
        } catch (TemplateException e) {
            throw new UserException("The chat template in %s cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    /** Returns the file of the template. */
    public Path file() {
        return file;
    }

    /**
     * Writes a conversation. The template gets a turn of text only as a string, or as parts if it reads only parts. A
     * template may change a string or drop some of it, as many do with the thoughts of the assistant.
     *
     * @param addGenerationPrompt true to end with the prompt for an answer
     * @throws UserException with the template's own message if the template refuses the conversation, or if it uses an
     *     unknown element
     */
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        try {
            return render(messages, addGenerationPrompt, readsParts);
        } catch (TemplateException e) {
            String what = e.raised() ? "refuses the conversation" : "cannot be rendered";
            throw new UserException(
                    "The chat template in %s %s: %s."
                            .formatted(
                                    file,
                                    what,
                                    Objects.requireNonNull(e.getMessage())
                                            .strip()
                                            .replaceAll("\\.$", "")),
                    e);
        }
    }

    /**
     * Returns true if the template writes a text only if it gets the text as a part and not as a string. The test uses
     * a sample turn instead of the data, since a template may drop texts of a conversation on purpose.
     */
    private boolean readsParts() {
        return !writesSample(false) && writesSample(true);
    }

    private boolean writesSample(boolean asParts) {
        try {
            return render(List.of(ChatMessage.of("user", SAMPLE)), true, asParts)
                    .contains(SAMPLE);
        } catch (TemplateException e) {
            return false;
        }
    }

    private String render(List<ChatMessage> messages, boolean addGenerationPrompt, boolean asParts) {
        Map<String, @Nullable Object> values = new HashMap<>(specialTokens);
        values.put(
                "messages",
                messages.stream().map(message -> value(message, asParts)).toList());
        values.put("add_generation_prompt", addGenerationPrompt);
        values.put("tools", null);
        values.put("documents", null);
        return template.render(values, LocalDateTime.now(clock));
    }

    private static Map<String, Object> value(ChatMessage message, boolean asParts) {
        // in this order, for templates that write a whole turn unchanged
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("role", message.role());
        value.put("content", message.textOnly() && !asParts ? message.text() : parts(message));
        message.more().forEach(value::putIfAbsent);
        return value;
    }

    private static List<Map<String, String>> parts(ChatMessage message) {
        List<Map<String, String>> parts = new ArrayList<>();
        for (ChatMessage.Part part : message.content()) {
            Map<String, String> value = new LinkedHashMap<>();
            value.put("type", part instanceof ChatMessage.Text ? "text" : "image");
            if (part instanceof ChatMessage.Text text) {
                value.put("text", text.text());
            }
            parts.add(value);
        }
        return parts;
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new UserException("%s is larger than 1 MB, which no chat template is; copy or download it again."
                        .formatted(file));
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }

    private static Optional<String> inJson(Path file) {
        JsonNode found = Json.read(file).path("chat_template");
        if (found.isMissingNode() || found.isNull()) {
            return Optional.empty();
        }
        if (found.isTextual()) {
            return Optional.of(found.asText());
        }
        List<String> names = new ArrayList<>();
        for (JsonNode named : found) {
            if (named.path("name").asText().equals("default")
                    && named.path("template").isTextual()) {
                return Optional.of(named.path("template").asText());
            }
            names.add(named.path("name").asText());
        }
        throw new UserException("%s has no chat template named default, only %s; name one of them default."
                .formatted(file, names.isEmpty() ? "something else" : String.join(", ", names)));
    }
}
