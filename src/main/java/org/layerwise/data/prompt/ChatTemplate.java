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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Json;
import org.layerwise.base.UserException;
import org.layerwise.base.WholeFiles;
import org.layerwise.data.SpecialTokens;
import org.layerwise.data.jinja.JinjaTemplate;
import org.layerwise.data.jinja.TemplateException;

/**
 * A checkpoint's own way to write a conversation as one text: its Jinja template, rendered as transformers'
 * {@code apply_chat_template} does. Immutable and safe to share between threads.
 */
public final class ChatTemplate {

    private static final long LARGEST = 1 << 20;

    /** The text of a turn that shows how a template reads texts: without letters, which filters may change. */
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
     * The template of a checkpoint, from {@code chat_template.jinja}, {@code chat_template.json}, {@code
     * processor_config.json} or {@code tokenizer_config.json}, the first that has one; of several with names the one named
     * {@code default}. Empty where there is none.
     *
     * @throws UserException if a file is broken, or the template holds what is not known
     */
    public static Optional<ChatTemplate> read(Path folder, SpecialTokens specialTokens) {
        return read(folder, specialTokens, Clock.systemDefaultZone());
    }

    /** As {@link #read(Path, SpecialTokens)}, for templates that write the date, with a clock. */
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
     * A template from elsewhere.
     *
     * @param file what messages call it
     * @throws UserException if it is broken or holds what is not known
     */
    public static ChatTemplate of(Path file, String template, SpecialTokens specialTokens, Clock clock) {
        try {
            return new ChatTemplate(file, JinjaTemplate.parse(template), specialTokens.texts(), clock);
        } catch (TemplateException e) {
            throw new UserException("The chat template in %s cannot be read: %s.".formatted(file, e.getMessage()), e);
        }
    }

    /** The file that the template comes from. */
    public Path file() {
        return file;
    }

    /**
     * Writes a conversation. A turn of text only is given to the template as a string, or as parts to a template that reads
     * parts only; a template may change a string or drop some of it, as many do with thoughts.
     *
     * @param addGenerationPrompt whether to end with what comes before an answer
     * @throws UserException if the template refuses the conversation, with its words, or does what is not known
     */
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        try {
            return render(messages, addGenerationPrompt, readsParts);
        } catch (TemplateException e) {
            String what = e.raised() ? "refuses the conversation" : "cannot be rendered";
            throw new UserException(
                    "The chat template in %s %s: %s."
                            .formatted(file, what, e.getMessage().strip().replaceAll("\\.$", "")),
                    e);
        }
    }

    /**
     * Tells whether the template writes a text that is a part, but none that is a string. A turn of its own tells it and no
     * conversation of the data, from which a template may drop texts on purpose.
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
        // in this order, for templates that write a turn as it is
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
            throw new UserException("Cannot read %s: %s.".formatted(file, WholeFiles.reason(e)), e);
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
