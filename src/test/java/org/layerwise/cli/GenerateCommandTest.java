package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.data.prompt.Prompts;
import org.layerwise.testing.ByteTokenizer;
import org.layerwise.testing.Golden;

/** {@code generate} from files to a file. */
class GenerateCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path out;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
        out = folder.resolve("out.jsonl");
    }

    @Test
    void tokensOfAFileGoOnAsInTransformers() throws Exception {
        List<JsonNode> cases = StreamSupport.stream(
                        Json.read(Golden.folder("greedy.json")).spliterator(), false)
                .filter(one -> one.path("model").asText().equals("llama"))
                .toList();
        List<String> lines = new ArrayList<>();
        for (JsonNode one : cases) {
            lines.add("{\"input_ids\": %s, \"labels\": 1}".formatted(one.path("prompt")));
        }
        Path data = Files.write(folder.resolve("rows.jsonl"), lines);

        run(Golden.folder("llama"), "--data=" + data, "--max-new-tokens=24");

        List<JsonNode> written = written();
        assertThat(written).hasSameSizeAs(cases);
        for (int row = 0; row < cases.size(); row++) {
            JsonNode one = written.get(row);
            assertThat(one.fieldNames()).toIterable().containsExactly("input_ids", "tokens");
            assertThat(one.path("input_ids")).isEqualTo(cases.get(row).path("prompt"));
            // 2 is the end of the sequence
            List<Integer> expected = ints(cases.get(row).path("new_tokens"));
            int end = expected.indexOf(2);
            assertThat(ints(one.path("tokens"))).isEqualTo(end < 0 ? expected : expected.subList(0, end));
        }

        run(Golden.folder("llama"), "--data=" + data, "--max-new-tokens=24", "--ignore-eos", "--batch=1");

        for (int row = 0; row < cases.size(); row++) {
            assertThat(written().get(row).path("tokens"))
                    .isEqualTo(cases.get(row).path("new_tokens"));
        }
    }

    @Test
    void aPromptGoesOnAsText() throws Exception {
        run(withTokenizer(), "--prompt=Once upon", "--max-new-tokens=9", "--ignore-eos");

        JsonNode row = written().get(0);
        assertThat(written()).hasSize(1);
        assertThat(ints(row.path("input_ids"))).isEqualTo(tokens("Once upon"));
        assertThat(row.path("tokens")).hasSize(9);
        assertThat(row.path("text").isTextual()).isTrue();
        assertThat(cli.out()).contains("Wrote " + out);
    }

    @Test
    void sixteenBitsTellWhatTheyChange() throws Exception {
        Path rows = Files.writeString(
                folder.resolve("rows.jsonl"),
                "{\"input_ids\": [5, 6, 7, 8]}\n".repeat(2) + "{\"input_ids\": [9, 8, 7]}\n".repeat(6));
        run(Golden.folder("llama"), "--data=" + rows, "--max-new-tokens=2", "--dtype=bf16");
        assertThat(String.join("\n", cli.errLines())).contains("against float32 on the first 8 rows");
        Files.writeString(rows, "{\"input_ids\": [5, 6, 7, 8]}\n");
        run(Golden.folder("llama"), "--data=" + rows, "--max-new-tokens=2", "--dtype=bf16");
        assertThat(String.join("\n", cli.errLines()))
                .contains("The results were computed in bfloat16; what that changes was not measured.");
        run(Golden.folder("llama"), "--data=" + rows, "--max-new-tokens=2");
        assertThat(String.join("\n", cli.errLines())).doesNotContain("float32", "BF16");
    }

    @Test
    void whatIsDrawnDependsOnTheSeed() throws Exception {
        Path model = withTokenizer();
        String[] flags = {"--prompt=Once", "--max-new-tokens=20", "--temperature=1.2", "--top-p=0.9", "--ignore-eos"};
        run(model, flags);
        JsonNode first = written().get(0);
        run(model, flags);
        assertThat(written()).containsExactly(first);

        run(model, add(flags, "--seed=1"));
        assertThat(written()).isNotEqualTo(List.of(first));
        run(model, "--prompt=Once", "--max-new-tokens=20", "--top-p=0.9", "--ignore-eos");
        assertThat(cli.errLines()).contains("--top-p has no effect without a --temperature above 0.");
    }

    @Test
    void stopStringsCutTheText() throws Exception {
        Path model = withTokenizer();
        run(model, "--prompt=Once", "--max-new-tokens=20", "--ignore-eos");
        String text = written().get(0).path("text").asText();
        String stop = text.substring(4, 6);
        int first = text.indexOf(stop);

        run(model, "--prompt=Once", "--max-new-tokens=20", "--ignore-eos", "--stop=never there", "--stop=" + stop);
        assertThat(written().get(0).path("text").asText()).isEqualTo(text.substring(0, first));

        Path config = folder.resolve("config.yaml");
        Files.writeString(
                config,
                "generate:\n  stop: [\"never, there\", %s]\n  max-new-tokens: 20\n  ignore-eos: true\n"
                        .formatted(Json.line(Json.tree(stop))));
        run(model, "--prompt=Once", "--config=" + config);
        assertThat(written().get(0).path("text").asText()).isEqualTo(text.substring(0, first));
    }

    @Test
    void aLineBreakAndABlankAreStopStrings() throws Exception {
        Path model = withTokenizer();
        Path config = Files.writeString(folder.resolve("config.yaml"), "generate:\n  stop: [\"\\n\"]\n");

        run(model, "--prompt=Once", "--max-new-tokens=20", "--ignore-eos", "--stop=\n", "--stop= ");
        assertThat(written().get(0).path("text").asText()).doesNotContain("\n", " ");
        run(model, "--prompt=Once", "--max-new-tokens=20", "--ignore-eos", "--config=" + config);
        assertThat(written().get(0).path("text").asText()).doesNotContain("\n");
    }

    @Test
    void instructionsAreGivenWithoutTheirAnswers() throws Exception {
        Path data = Files.writeString(
                folder.resolve("rows.jsonl"), "{\"query\": \"Add 1 and 2.\", \"response\": \"It is 3.\"}\n");

        run(withTokenizer(), "--data=" + data, "--preset=instruction", "--max-new-tokens=2");

        assertThat(ints(written().get(0).path("input_ids"))).isEqualTo(tokens(Prompts.instruction("Add 1 and 2.")));
    }

    @Test
    void pairsThatNobodyNamedAreTold() throws Exception {
        Path model = withTokenizer();
        Path data = Files.writeString(folder.resolve("rows.jsonl"), "{\"question\": \"a b\", \"answer\": \"c\"}\n");

        run(model, "--data=" + data, "--max-new-tokens=1");
        assertThat(ints(written().get(0).path("input_ids")))
                .endsWith(tokens("c").get(0));
        assertThat(cli.errLines()).anyMatch(line -> line.startsWith("Went on behind both texts of each row;"));

        cli = new CommandLineFixture(folder);
        run(model, "--data=" + data, "--text=question", "--max-new-tokens=1");
        assertThat(ints(written().get(0).path("input_ids"))).isEqualTo(tokens("a b"));
        run(model, "--data=" + data, "--text=question,answer", "--max-new-tokens=1");
        assertThat(cli.errLines()).noneMatch(line -> line.startsWith("Went on behind"));
    }

    @Test
    void longPromptsAreCutOnlyIfThatIsAskedFor() throws Exception {
        String text = "long ".repeat(60);
        Path data = Files.writeString(folder.resolve("rows.jsonl"), "{\"text\": \"%s\"}\n".formatted(text));

        run(withTokenizer(), "--data=" + data, "--max-new-tokens=1");
        assertThat(ints(written().get(0).path("input_ids"))).isEqualTo(tokens(text));
        assertThat(cli.errLines())
                .anyMatch(line -> line.contains("has 301 tokens, but the model was trained with at most 64"));

        run(withTokenizer(), "--data=" + data, "--max-new-tokens=1", "--max-length=8");
        assertThat(ints(written().get(0).path("input_ids"))).isEqualTo(tokens("long lon"));
        assertThat(cli.errLines()).contains("1 row was too long and was cut.");
    }

    @Test
    void whatCannotBeDoneIsPlain() throws Exception {
        assertRefused("give --prompt TEXT or --data FILE", Golden.folder("llama"));
        assertRefused("exclude each other", Golden.folder("llama"), "--prompt=a", "--data=b");
        assertRefused(
                "--top-p must be above 0 and at most 1, but is 0.", Golden.folder("llama"), "--prompt=a", "--top-p=0");
        assertRefused("--temperature must be at least 0", Golden.folder("llama"), "--prompt=a", "--temperature=-1");
        assertRefused(
                "--max-new-tokens must be at least 1", Golden.folder("llama"), "--prompt=a", "--max-new-tokens=0");
        assertRefused("There is no tokenizer", Golden.folder("llama"), "--prompt=a");
        assertRefused("is an encoder (bert), which has no language-model head", Golden.folder("bert"), "--prompt=a");
        Path rows = TokenRows.of("llama", folder);
        assertRefused(
                "--compat is for what the reference",
                Golden.folder("llama"),
                "--data=" + rows,
                "--compat=no-token-types");
        assertRefused("no stop string can be found", Golden.folder("llama"), "--data=" + rows, "--stop=a");
        assertRefused("positions; shorten it or ask for fewer", Golden.folder("gpt2"), "--data=" + rows);
    }

    /** The tiny Llama, whose tokens are bytes of ASCII. */
    private Path withTokenizer() throws IOException {
        Path model = Files.createDirectories(folder.resolve("llama"));
        for (String name : List.of("config.json", "model.safetensors")) {
            if (!Files.exists(model.resolve(name))) {
                Files.copy(Golden.folder("llama").resolve(name), model.resolve(name));
            }
        }
        ByteTokenizer.write(model);
        return model;
    }

    private static List<Integer> tokens(String text) {
        List<Integer> tokens = new ArrayList<>();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            tokens.add((int) ByteTokenizer.id(value));
        }
        return tokens;
    }

    private static List<Integer> ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
    }

    private List<JsonNode> written() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            rows.add(Json.parse(line));
        }
        return rows;
    }

    private void run(Path model, String... flags) {
        assertThat(cli.run(args(model, flags)))
                .as(String.join("\n", cli.errLines()))
                .isEqualTo(ExitCode.OK);
    }

    private void assertRefused(String message, Path model, String... flags) {
        assertThat(cli.run(args(model, flags))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().startsWith("layerwise: ").contains(message);
        assertThat(out).doesNotExist();
    }

    private String[] args(Path model, String... flags) {
        return add(add(new String[] {"generate", "--model=" + model}, flags), "--out=" + out);
    }

    private static String[] add(String[] some, String... others) {
        String[] all = Arrays.copyOf(some, some.length + others.length);
        System.arraycopy(others, 0, all, some.length, others.length);
        return all;
    }
}
