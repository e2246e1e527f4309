package org.layerwise.data.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.file.DataSource;
import org.layerwise.data.file.DatasetReader;
import org.layerwise.data.token.SpecialTokens;
import org.layerwise.data.token.TextSpan;
import org.layerwise.testing.Golden;

class PromptsTest {

    private static final String TEMPLATE =
            "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}] {{ message['content'] }}{{ eos_token }}{% endfor %}";

    @TempDir
    Path folder;

    @BeforeEach
    void aCheckpoint() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"chat_template\": \"%s\"}"
                        .formatted(TEMPLATE.replace("\"", "\\\"")));
        Files.writeString(
                folder.resolve("tokenizer.json"),
                "{\"added_tokens\": [{\"id\": 1, \"content\": \"<s>\"}, {\"id\": 2, \"content\": \"</s>\"}]}");
    }

    private Dataset read(String line, @Nullable TaskPreset preset) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.jsonl"), line + "\n");
        return new DatasetReader()
                .read(DataSource.of(file.toString()).withPreset(preset), LabelUse.IGNORE, Progress.none());
    }

    private Prompts.Rendered render(Dataset data) {
        return new Prompts(folder, SpecialTokens.read(folder)).render(data, Progress.none());
    }

    @Test
    void anInstructionIsWrittenAsTheReferenceDoes() throws IOException {
        Prompts.Rendered rendered = render(
                read("{\"query\": \"Add 1 and 2 (100%).\", \"response\": \"It is 3.\"}", TaskPreset.INSTRUCTION));
        String text = rendered.rows().texts().get(0);
        assertThat(text)
                .isEqualTo(
                        "Below is an instruction that describes a task. Write a response that appropriately completes"
                                + " the request.\n\n### Instruction:\nAdd 1 and 2 (100%).\n\n### Response:It is 3.\n</s>");
        assertThat(text.substring(rendered.answers().get(0).get(0).start())).isEqualTo("It is 3.\n</s>");
        assertThat(rendered.rows().paired()).isFalse();
        assertThat(rendered.templated()).isFalse();
    }

    @Test
    void aModelWithoutAnEndCannotAnswer() throws IOException {
        Files.delete(folder.resolve("tokenizer_config.json"));
        Dataset data = read("{\"instruction\": \"A\", \"output\": \"B\"}", TaskPreset.INSTRUCTION);
        assertThatThrownBy(() -> render(data))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("end-of-sequence");
    }

    @Test
    void conversationsGoThroughTheChatTemplateInBothSpellings() throws IOException {
        Dataset roles = read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]}",
                TaskPreset.CHAT);
        assertThat(render(roles).rows().texts()).containsExactly("<s>[user] Hi</s>[assistant] Hello</s>");
        Dataset shared = read(
                "{\"conversations\": [{\"from\": \"human\", \"value\": \"Hi\"}, {\"from\": \"gpt\", \"value\": \"Hello\"}]}",
                TaskPreset.CHAT);
        assertThat(render(shared).rows().texts()).containsExactly("<s>[user] Hi</s>[assistant] Hello</s>");
        assertThat(render(shared).templated()).isTrue();
    }

    @Test
    void aTurnHasAllItsFieldsInTheTemplate() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                """
                {"eos_token": "</s>", "chat_template": "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% if 'reasoning' in m %}<{{ m.reasoning }}>{% endif %}{% if m.tool_calls %}{{ m.tool_calls | tojson }}{% endif %}{{ m.name }}{% endfor %}"}
                """);
        Prompts.Rendered roles = render(read(
                """
                {"messages": [{"role": "user", "content": "Hi", "tool_calls": null, "reasoning": null}, {"role": "assistant", "content": "", "tool_calls": [{"name": "find", "arguments": {"x": [1, 2.5, true, null, "é"]}}]}, {"role": "tool", "content": "5", "name": "find"}]}"""
                        .strip(),
                TaskPreset.CHAT));
        String text = roles.rows().texts().get(0);
        assertThat(text)
                .isEqualTo(
                        "[user]Hi[assistant][{\"name\": \"find\", \"arguments\": {\"x\": [1, 2.5, true, null, \"é\"]}}][tool]5find");
        TextSpan call = roles.answers().get(0).get(0);
        assertThat(text.substring(call.start(), call.end()))
                .as("a call is learned as an answer is")
                .startsWith("[assistant][{")
                .endsWith("}]");
        Dataset shared = read(
                "{\"conversations\": [{\"from\": \"human\", \"value\": \"Hi\", \"name\": \"Ann\"}]}", TaskPreset.CHAT);
        assertThat(render(shared).rows().texts()).containsExactly("[user]HiAnn");
        Dataset large = read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\", \"name\": 123456789012345678901234567890}]}",
                TaskPreset.CHAT);
        assertThatThrownBy(() -> render(large))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("beyond 64 bits");
    }

    @Test
    void whatTheAssistantSaysIsLearned() throws IOException {
        Prompts.Rendered rendered = render(read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"},"
                        + " {\"role\": \"user\", \"content\": \"Bye\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]}",
                TaskPreset.CHAT));
        String text = rendered.rows().texts().get(0);
        assertThat(text).isEqualTo("<s>[user] Hi</s>[assistant] Hello</s>[user] Bye</s>[assistant] Hello</s>");
        assertThat(rendered.answers().get(0).stream().map(part -> text.substring(part.start(), part.end())))
                // this template asks for nothing, so that whose turn it is has to be said by the model
                .containsExactly("[assistant] Hello</s>", "[assistant] Hello</s>");
        assertThat(rendered.answers().get(0).get(1).end()).isEqualTo(text.length());
    }

    @Test
    void aConversationMayBeginWithTheAssistant() throws IOException {
        String greeting =
                "{\"messages\": [{\"role\": \"assistant\", \"content\": \"Hello\"}, {\"role\": \"user\", \"content\": \"Hello\"},"
                        + " {\"role\": \"assistant\", \"content\": \"Fine\"}]}";
        // as Qwen 2's, it begins with a turn of its own
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}{% if loop.first and m.role != 'system' %}<system>Help.</end>\n{% endif %}<{{ m.role }}>{{ m.content }}</end>\n{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}");
        assertThat(learned(render(read(greeting, TaskPreset.CHAT)))).containsExactly("Hello</end>\n", "Fine</end>\n");
        Prompts.Rendered alone =
                render(read("{\"messages\": [{\"role\": \"assistant\", \"content\": \"Hello\"}]}", TaskPreset.CHAT));
        assertThat(learned(alone)).containsExactly("Hello</end>\n");
        assertThat(alone.remark()).isNull();
        // as Llama 2's, it asks for nothing
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]{% else %} {{ m.content }} </s>{% endif %}{% endfor %}");
        assertThat(learned(render(read(greeting, TaskPreset.CHAT)))).containsExactly("Hello </s>", " Fine </s>");
    }

    @Test
    void rowsWithoutATurnOfTheAssistantAreSaid() throws IOException {
        String row =
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"model\", \"content\": \"Fine\"}]}";
        assertThat(render(read(row + "\n" + row, TaskPreset.CHAT)).remark())
                .isEqualTo(
                        "Nothing is learnt of 2 rows without a turn of the assistant; the first is row 1 of %s (user, model).",
                        folder.resolve("rows.jsonl"));
    }

    @Test
    void wordsOfAnAnswerAreNotLookedForInItsQuestion() throws IOException {
        // as Qwen3's, it writes a place for thoughts before the last turn alone
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}[{{ m.role }}]{% if loop.last and m.role == 'assistant' %}<think></think>{% endif %}{{ m.content }};{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}");
        Prompts.Rendered rendered = render(read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"no or yes?\"}, {\"role\": \"assistant\", \"content\": \"no\"},"
                        + " {\"role\": \"user\", \"content\": \"yes or no?\"}, {\"role\": \"assistant\", \"content\": \"s\"},"
                        + " {\"role\": \"user\", \"content\": \"no?\"}, {\"role\": \"assistant\", \"content\": \"no\"}]}",
                TaskPreset.CHAT));
        String text = rendered.rows().texts().get(0);
        assertThat(text)
                .isEqualTo(
                        "[user]no or yes?;[assistant]no;[user]yes or no?;[assistant]s;[user]no?;[assistant]<think></think>no;");
        assertThat(rendered.answers().get(0))
                .containsExactly(
                        new TextSpan(28, 30),
                        new TextSpan(59, 60),
                        new TextSpan(text.length() - "<think></think>no;".length(), text.length()));
    }

    private static final String THOUGHTS =
            """
            {"messages": [{"role": "user", "content": "Hello there?"}, {"role": "assistant", "content": "<think>\\nhm, Hello there\\n</think>\\n\\nHello there, Ann"},
            {"role": "user", "content": "Bye"}, {"role": "assistant", "content": "<think>\\nshort\\n</think>\\n\\nBye, Ann"}]}"""
                    .replace("\n", " ");

    @Test
    void anEarlierAnswerIsLearnedWithoutTheThoughtsThatTheTemplateLeavesOut() throws IOException {
        for (JsonNode family : Json.read(Golden.folder("jinja.json")).path("families")) {
            if (family.path("name").asText().equals("Qwen 3")) {
                Files.writeString(
                        folder.resolve("chat_template.jinja"),
                        family.path("template").asText());
            }
        }
        Prompts.Rendered rendered = render(read(THOUGHTS, TaskPreset.CHAT));
        assertThat(learned(rendered))
                .containsExactly("Hello there, Ann", "<think>\nshort\n</think>\n\nBye, Ann<|im_end|>\n");
        assertThat(rendered.answers().get(0).get(0).start())
                .isGreaterThan(rendered.rows().texts().get(0).indexOf("<|im_start|>assistant"));
        assertThat(rendered.remark()).isNull();
    }

    @Test
    void aTemplateThatLeavesOutAllThoughts() throws IOException {
        // as DeepSeek R1's
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}{% if m.role == 'user' %}<U>{{ m.content }}{% else %}<A>{{ m.content.split('</think>')[-1] }}</s>{% endif %}{% endfor %}{% if add_generation_prompt %}<A><think>\n{% endif %}");
        assertThat(learned(render(read(THOUGHTS, TaskPreset.CHAT)))).containsExactly("Hello there, Ann", "Bye, Ann");
    }

    @Test
    void aTurnOfWhichNothingIsLearnedIsSaid() throws IOException {
        Files.writeString(
                folder.resolve("chat_template.jinja"),
                "{% for m in messages %}[{{ m.role }}]{% if loop.last %}{{ m.content }}{% else %}{{ m.content.split('</think>')[-1] }}{% endif %};{% endfor %}");
        String row = THOUGHTS.replace("Hello there, Ann", "").replace("Hello there?", "Hm?");
        Prompts.Rendered rendered = render(read(row + "\n" + row, TaskPreset.CHAT));
        assertThat(learned(rendered)).hasSize(2).first().isEqualTo("");
        assertThat(rendered.remark())
                .isEqualTo(
                        "Nothing is learnt of 2 turns of the assistant, whose words the chat template in %s leaves out; the first is turn 2 in row 1 of %s.",
                        folder.resolve("chat_template.jinja"), folder.resolve("rows.jsonl"));
    }

    private static List<String> learned(Prompts.Rendered rendered) {
        String text = rendered.rows().texts().get(0);
        return rendered.answers().get(0).stream()
                .map(span -> text.substring(span.start(), span.end()))
                .toList();
    }

    @Test
    void aModelWithoutAChatTemplate() throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"</s>\"}");
        Dataset data = read("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}", TaskPreset.CHAT);
        assertThatThrownBy(() -> render(data))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no chat template");
    }

    @Test
    void whatIsNoConversationNamesItsRow() throws IOException {
        Dataset text = read("{\"messages\": \"Hi\"}", TaskPreset.CHAT);
        assertThatThrownBy(() -> render(text))
                .hasMessageContaining("row 1 of")
                .hasMessageContaining("no list of turns");
        Dataset turn = read("{\"messages\": [{\"speaker\": \"me\"}]}", TaskPreset.CHAT);
        assertThatThrownBy(() -> render(turn)).hasMessageContaining("Turn 1 in row 1 of");
        Dataset none = read("{\"messages\": []}", TaskPreset.CHAT);
        assertThatThrownBy(() -> render(none)).hasMessageContaining("no turns");
    }

    @Test
    void aQuestionAboutAnImageEndsWithItsLetter() throws IOException {
        Files.write(folder.resolve("a.png"), new byte[] {1});
        Dataset data = read(
                "{\"image\": \"a.png\", \"question\": \"Which?\", \"choices\": [\"x\", \"y\"], \"answer\": 1, \"hint\": null}",
                TaskPreset.SCIENCE_QA);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
        Prompts.Rendered rendered = render(data);
        assertThat(rendered.rows().texts())
                .containsExactly(
                        "USER: <image>\nWhich?\nA. x\nB. y\nAnswer with the option's letter from the given choices directly. ASSISTANT:B</s>");
        assertThat(rendered.rows().images()).hasSize(1);
        assertThat(question(data)).endsWith("ASSISTANT:");
    }

    @Test
    void aModelIsAskedWithoutTheAnswer() throws IOException {
        Dataset instruction = read("{\"query\": \"Add 1 and 2.\", \"response\": \"It is 3.\"}", TaskPreset.INSTRUCTION);
        assertThat(question(instruction)).isEqualTo(Prompts.instruction("Add 1 and 2."));

        Dataset answered = read(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}, {\"role\": \"assistant\", \"content\": \"Hello\"}]}",
                TaskPreset.CHAT);
        assertThat(question(answered)).isEqualTo("<s>[user] Hi</s>");
        Dataset open = read("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}", TaskPreset.CHAT);
        assertThat(question(open)).isEqualTo("<s>[user] Hi</s>");
        Dataset answerOnly = read("{\"messages\": [{\"role\": \"assistant\", \"content\": \"Hi\"}]}", TaskPreset.CHAT);
        assertThatThrownBy(() -> question(answerOnly)).hasMessageContaining("only an answer");

        Dataset plain = read("{\"text\": \"as it is \"}", null);
        assertThat(question(plain)).isEqualTo("as it is ");
    }

    @Test
    void aGenerationPromptIsAskedFor() throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"eos_token\": \"</s>\", \"chat_template\": \"{% for m in messages %}{{ m['content'] }}|{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}\"}");
        Dataset open = read("{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}", TaskPreset.CHAT);
        assertThat(question(open)).isEqualTo("Hi|assistant:");
    }

    private String question(Dataset data) {
        Prompts.Rendered rendered = new Prompts(folder, SpecialTokens.read(folder)).questions(data, Progress.none());
        assertThat(rendered.rows().paired()).isFalse();
        return rendered.rows().texts().get(0);
    }
}
