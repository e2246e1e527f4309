package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

class InspectCommandTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    @Test
    void layersThatAreAlikeAreShownOnce() {
        List<String> lines = inspect("llama");

        assertThat(lines)
                .startsWith(
                        "llama: llama (decoder), 4 layers of width 48, 4 heads, vocabulary of 130",
                        "positions: rotary, trained with 64 tokens; the last token stands for a row",
                        "tokenizer: no, only pre-tokenised data can be read",
                        "LoRA targets by default: q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj",
                        "",
                        "layer  module                           shape     type  parameters",
                        "       model.embed_tokens.weight        130 × 48  F32        6,240",
                        "    0  input_layernorm.weight           48        F32           48")
                .contains("layers 1-3: the same as layer 0, 18,528 parameters each")
                .contains("of these in 4 layers: 74,112, 18,528 in each")
                .endsWith("Missing, although the model needs it: none", "Unused: none");
        assertThat(lines).filteredOn(line -> line.contains("q_proj.weight")).hasSize(1);
    }

    @Test
    void allShowsEveryLayer() {
        List<String> lines = inspect("llama", "--all");

        assertThat(lines).filteredOn(line -> line.contains("q_proj.weight")).hasSize(4);
        assertThat(lines).noneMatch(line -> line.contains("the same as"));
    }

    @Test
    void aLayerThatDiffersIsShownToo() {
        List<String> lines = inspect("modernbert");

        assertThat(lines)
                .contains("layers 2-3: the same as layer 1, 18,528 parameters each")
                .contains("of these in 4 layers: 74,064, 18,480 to 18,528 in each");
        assertThat(lines).filteredOn(line -> line.contains("mlp_norm.weight")).hasSize(2);
        assertThat(lines).filteredOn(line -> line.contains("attn_norm.weight")).hasSize(1);
    }

    @Test
    void tensorsBetweenTwoLayersDoNotHideThatTheseAreAlike() {
        assertThat(inspect("deberta_v2_conv")).contains("layer 1: the same as layer 0, 9,096 parameters");
    }

    @Test
    void aVisionTowersLayersAreCountedOnTheirOwn() {
        List<String> lines = inspect("llava");

        assertThat(lines.get(0)).contains("(decoder that sees images)");
        assertThat(lines)
                .contains(
                        "model.vision_tower.vision_model.encoder.layers, layer 1: the same as layer 0, 8,544 parameters")
                .contains("Unused: 18");
    }

    @Test
    void mixedTypesAreCountedEach() {
        assertThat(inspect("llama_sharded_bf16")).anyMatch(line -> line.matches("parameters: [\\d,]+, all BF16"));
    }

    @Test
    void whatIsMissingIsListedAndNoError() throws IOException {
        Path model = copy("llama", config -> config.put("num_hidden_layers", 5));

        assertThat(cli.run("inspect", "--model", model.toString())).isEqualTo(ExitCode.OK);
        assertThat(cli.out())
                .contains("Missing, although the model needs it: 9")
                .contains("  model.layers.4.self_attn.q_proj.weight");
    }

    @Test
    void picklesAreRefusedWithTheReason() throws IOException {
        Path model = Files.createDirectory(folder.resolve("pickled"));
        Files.copy(Golden.folder("llama").resolve("config.json"), model.resolve("config.json"));
        Files.writeString(model.resolve("pytorch_model.bin"), "pickle");

        assertRefused(model, "pytorch_model.bin", "a pickle can run any code");
    }

    @Test
    void quantisedModelsTellTheirFormat() {
        assertThat(cli.run(
                        "inspect", "--model", Golden.folder("quantised/bnb_nf4").toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out())
                .contains("92,160 nf4")
                .contains("quantised: 92,160 parameters in nf4, 4.62 bits each with their scales")
                .contains("matrices that are not quantised: model.embed_tokens.weight, lm_head.weight");
    }

    @Test
    void matricesThatSomeLayersHaveQuantisedAreToldWithTheirLayers() {
        assertThat(cli.run(
                        "inspect",
                        "--model",
                        Golden.folder("quantised/bnb_nf4_some").toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("self_attn.o_proj.weight of layers ");
    }

    @Test
    void quantisedModelsAreRefused() throws IOException {
        Path model =
                copy("llama", config -> config.putObject("quantization_config").put("quant_method", "gptq"));

        assertRefused(model, "quantization_config");
    }

    @Test
    void familiesThatAreNotKnownAreRefused() throws IOException {
        assertRefused(copy("llama", config -> config.put("model_type", "mamba")), "mamba");
    }

    private void assertRefused(Path model, String... words) {
        assertThat(cli.run("inspect", "--model", model.toString())).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .singleElement()
                .asString()
                .startsWith("layerwise: " + model)
                .contains(words);
        assertThat(cli.out()).isEmpty();
    }

    private List<String> inspect(String fixture, String... flags) {
        String[] args = new String[3 + flags.length];
        args[0] = "inspect";
        args[1] = "--model";
        args[2] = Golden.folder(fixture).toString();
        System.arraycopy(flags, 0, args, 3, flags.length);
        assertThat(cli.run(args)).isEqualTo(ExitCode.OK);
        assertThat(cli.errLines()).isEmpty();
        return cli.out().lines().toList();
    }

    private Path copy(String fixture, Consumer<ObjectNode> change) throws IOException {
        Path model = Files.createDirectory(folder.resolve(fixture));
        Path original = Golden.folder(fixture);
        ObjectNode config = (ObjectNode) Json.read(original.resolve("config.json"));
        change.accept(config);
        Json.write(model.resolve("config.json"), config);
        Files.copy(original.resolve("model.safetensors"), model.resolve("model.safetensors"));
        return model;
    }
}
