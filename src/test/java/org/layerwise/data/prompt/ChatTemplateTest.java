package org.layerwise.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.Labels;
import org.layerwise.data.image.ImageSource;
import org.layerwise.data.token.SpecialTokens;
import org.layerwise.testing.Golden;

class ChatTemplateTest {

    private static final String ROLES = "{% for m in messages %}{{ m.role }}{% endfor %}";
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-06T05:04:03Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> asTransformersRendersThem() throws IOException {
        JsonNode golden = Json.read(Golden.folder("chat_templates.json"));
        write(
                "tokenizer_config.json",
                "{\"bos_token\": \"%s\", \"eos_token\": {\"content\": \"%s\"}}"
                        .formatted(
                                golden.get("bos_token").asText(),
                                golden.get("eos_token").asText()));
        SpecialTokens tokens = SpecialTokens.read(folder);
        return StreamSupport.stream(golden.get("cases").spliterator(), false)
                .map(each -> DynamicTest.dynamicTest(each.toString(), () -> {
                    String source = golden.get("templates")
                            .get(each.get("template").asText())
                            .asText();
                    ChatTemplate template = ChatTemplate.of(Path.of("t"), source, tokens, CLOCK);
                    assertThat(template.render(
                                    messages(each.get("messages")),
                                    each.get("add_generation_prompt").asBoolean()))
                            .isEqualTo(each.get("text").asText());
                }));
    }

    private static List<ChatMessage> messages(JsonNode json) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : json) {
            JsonNode content = message.get("content");
            if (content.isTextual()) {
                messages.add(ChatMessage.of(message.get("role").asText(), content.asText()));
            } else {
                List<ChatMessage.Part> parts = new ArrayList<>();
                content.forEach(part -> parts.add(
                        part.get("type").asText().equals("image")
                                ? new ChatMessage.Image()
                                : new ChatMessage.Text(part.get("text").asText())));
                messages.add(new ChatMessage(message.get("role").asText(), parts));
            }
        }
        return messages;
    }

    @Test
    void filesThatHoldATemplate() throws IOException {
        assertThat(read()).isNull();
        config("tokenizer_config.json", "1");
        assertThat(read()).isEqualTo("1");
        config("processor_config.json", "2");
        assertThat(read()).isEqualTo("2");
        config("chat_template.json", "3");
        assertThat(read()).isEqualTo("3");
        write("chat_template.jinja", "4\n");
        assertThat(read()).isEqualTo("4");
    }

    @Test
    void theDefaultOfSeveral() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"}, {\"name\": \"default\", \"template\": \"d\"}]}");
        assertThat(read()).isEqualTo("d");
        write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"t\"}]}");
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no chat template named default, only tool_use");
    }

    @Test
    void refusalsOfTheTemplate() throws IOException {
        config("tokenizer_config.json", "{{ raise_exception('Roles must alternate!') }}");

        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessage("The chat template in %s refuses the conversation: Roles must alternate!."
                        .formatted(folder.resolve("tokenizer_config.json")));
    }

    @Test
    void whatIsNotKnown() throws IOException {
        config("tokenizer_config.json", "a\n{% include 'x' %}");
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be read: line 2: the block include is not known");
        config("tokenizer_config.json", "{{ 'a' | nonsense }}");
        assertThatThrownBy(this::read)
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be rendered: the filter nonsense is not known");
    }

    @Test
    void specialTokensAndTheDate() throws IOException {
        write(
                "tokenizer_config.json",
                "{\"bos_token\": \"<s>\", \"pad_token\": null, \"extra_special_tokens\": {\"image_token\": \"<im>\"}, \"chat_template\": \"{{ bos_token }}{{ image_token }}{{ pad_token is defined }}{{ strftime_now('%Y') }}\"}");

        assertThat(read()).isEqualTo("<s><im>False2024");
    }

    @Test
    void templatesThatWantPartsGetThem() throws IOException {
        String parts =
                "{% for m in messages %}{% for c in m.content | selectattr('type', 'equalto', 'text') %}{{ c.text }};{% endfor %}{% endfor %}";
        ChatTemplate template = ChatTemplate.of(Path.of("t"), parts, SpecialTokens.read(folder), CLOCK);

        assertThat(template.render(List.of(ChatMessage.of("user", "hello")), false))
                .isEqualTo("hello;");
        // one that never writes the text gets it as a string
        assertThat(ChatTemplate.of(Path.of("t"), ROLES, SpecialTokens.read(folder), CLOCK)
                        .render(List.of(ChatMessage.of("user", "hello")), false))
                .isEqualTo("user");
    }

    @Test
    void aTemplateThatDropsThoughtsIsGivenStrings() throws IOException {
        String dropping =
                "{% for m in messages %}{% if '</think>' in m.content %}{% set c = m.content.split('</think>')[-1] %}{% else %}{% set c = m.content %}{% endif %}{{ m.role + ':' + c | trim + ';' }}{% endfor %}";
        ChatTemplate template = ChatTemplate.of(Path.of("t"), dropping, SpecialTokens.read(folder), CLOCK);

        // as transformers has it: a list of parts would be written with its braces
        assertThat(template.render(
                        List.of(
                                ChatMessage.of("user", "Hi"),
                                ChatMessage.of("assistant", "<think>a greeting</think> Hello")),
                        false))
                .isEqualTo("user:Hi;assistant:Hello;");
    }

    @Test
    void llavaWithATemplate() throws IOException {
        config(
                "chat_template.json",
                "{% for c in messages[0].content %}{{ '[I]' if c.type == 'image' else c.text }}{% endfor %}{% if add_generation_prompt %}>{% endif %}");
        LlavaPrompt prompt = LlavaPrompt.of(folder, SpecialTokens.read(folder));

        assertThat(prompt.render("What?", true)).isEqualTo("[I]What?>");
    }

    @Test
    void llavaWithoutATemplate() {
        LlavaPrompt prompt = LlavaPrompt.of(folder, SpecialTokens.read(folder));

        assertThat(prompt.render("What?", true)).isEqualTo("USER: <image>\nWhat? ASSISTANT:");
        assertThat(prompt.render("What?", false)).isEqualTo("USER: What? ASSISTANT:");
    }

    @Test
    void promptsOfADataset() {
        LlavaPrompt prompt = LlavaPrompt.of(folder, SpecialTokens.read(folder));
        Dataset data = Dataset.ofTexts("t", "t.csv", List.of("text"), List.of("What?"), null, new Labels.None());
        Dataset shown = data.withImages(List.of(new ImageSource.InCell("", new byte[1])));

        assertThat(prompt.prompts(data, Progress.none()).texts()).containsExactly("USER: What? ASSISTANT:");
        assertThat(prompt.prompts(shown, Progress.none()).texts()).containsExactly("USER: <image>\nWhat? ASSISTANT:");
        assertThat(prompt.prompts(shown, Progress.none()).images()).hasSize(1);
        Dataset pairs = Dataset.ofTexts("t", "t.csv", List.of("a", "b"), List.of("x"), List.of("y"), new Labels.None());
        assertThatThrownBy(() -> prompt.prompts(pairs, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("two text columns");
    }

    @Test
    void theImagesTokenIsNotWrittenByHand() {
        LlavaPrompt prompt = LlavaPrompt.of(folder, SpecialTokens.read(folder));
        Dataset data =
                Dataset.ofTexts("t", "t.csv", List.of("text"), List.of("<image> What?"), null, new Labels.None());
        Dataset shown = data.withImages(List.of(new ImageSource.InCell("", new byte[1])));

        assertThatThrownBy(() -> prompt.prompts(shown, Progress.none()))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Row 1 of t.csv has <image> in its text, but the chat template puts that in itself; leave it out"
                                + " of the text.");
    }

    private String read() {
        return ChatTemplate.read(folder, SpecialTokens.read(folder), CLOCK)
                .map(template -> template.render(List.of(), false))
                .orElse(null);
    }

    private void config(String name, String template) throws IOException {
        Json.write(folder.resolve(name), Json.object().put("chat_template", template));
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
