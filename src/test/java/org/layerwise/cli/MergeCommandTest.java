package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** {@code merge} and {@code convert-adapter}, with what {@code train} wrote. */
class MergeCommandTest {

    private static final String MODEL = "--model=" + Golden.folder("bert");

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private String data;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
        data = "--data=" + TokenRows.of("bert", folder);
    }

    @Test
    void pissaIsTrainedConvertedMergedAndStartedAgain() throws IOException {
        Path run = folder.resolve("run");
        assertThat(train(run, "--variant=pissa", "--r=4")).isEqualTo(ExitCode.OK);
        Path adapter = run.resolve("adapter");
        Path initial = run.resolve("adapter-initial");
        assertThat(Json.read(adapter.resolve("adapter_config.json"))
                        .path("init_lora_weights")
                        .asText())
                .isEqualTo("pissa");
        assertThat(Json.read(initial.resolve("adapter_config.json"))
                        .path("init_lora_weights")
                        .asBoolean())
                .isTrue();

        Path plain = folder.resolve("plain");
        assertThat(cli.run("convert-adapter", "--adapter=" + adapter, "--initial=" + initial, "--out=" + plain))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("Wrote %s, a plain LoRA adapter of rank 8".formatted(plain));

        // a card that is a link would bring a file of this computer into a folder that people pass on
        Path secret = Files.writeString(folder.resolve("secret"), "password");
        Path linked = Files.createDirectory(folder.resolve("linked"));
        for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
            Files.copy(adapter.resolve(name), linked.resolve(name));
        }
        Files.createSymbolicLink(linked.resolve("README.md"), secret);
        Path other = folder.resolve("other");
        assertThat(cli.run("convert-adapter", "--adapter=" + linked, "--initial=" + initial, "--out=" + other))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("README.md is a link to " + secret.toRealPath());
        assertThat(other).doesNotExist();

        Path merged = folder.resolve("merged");
        assertThat(cli.run("merge", MODEL, "--adapter=" + plain, "--out=" + merged, "--shard-size=200KB"))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out())
                .contains("Merged 24 modules into %s: ".formatted(merged))
                .contains(" in 2 files");

        double expected = loss(MODEL, "--adapter=" + adapter);
        assertThat(loss(MODEL, "--adapter=" + plain)).isCloseTo(expected, within());
        assertThat(loss("--model=" + merged)).isCloseTo(expected, within());
        assertThat(loss(MODEL)).isNotCloseTo(expected, within());

        Path again = folder.resolve("again");
        assertThat(train(again, "--variant=pissa", "--init-adapter=" + initial)).isEqualTo(ExitCode.OK);
        assertThat(losses(again)).isEqualTo(losses(run));
        Path replayed = folder.resolve("replayed");
        assertThat(cli.run("train", "--config=" + again.resolve("config.yaml"), "--out=" + replayed))
                .isEqualTo(ExitCode.OK);
        assertThat(losses(replayed)).isEqualTo(losses(run));

        // another variant leaves nothing behind that could be taken for its start
        assertThat(train(run, "--r=4", "--overwrite")).isEqualTo(ExitCode.OK);
        assertThat(initial).doesNotExist();
    }

    @Test
    void missIsTrainedGoneOnWithConvertedAndMerged() throws IOException {
        Path run = folder.resolve("run");
        assertThat(train(run, "--variant=miss", "--r=5", "--checkpoint-every=2"))
                .isEqualTo(ExitCode.OK);
        Path adapter = run.resolve("adapter");
        JsonNode written = Json.read(adapter.resolve("adapter_config.json"));
        assertThat(written.path("peft_type").asText()).isEqualTo("MISS");
        assertThat(written.path("r").asInt()).isEqualTo(5);
        assertThat(run.resolve("adapter-initial")).doesNotExist();
        assertThat(run.resolve("config.yaml"))
                .content()
                .contains("variant: miss")
                .doesNotContain("alpha");
        assertThat(adapter.resolve("README.md")).content().contains("# MiSS adapter for");

        Path plain = folder.resolve("plain");
        assertThat(cli.run("convert-adapter", "--adapter=" + adapter, MODEL, "--out=" + plain))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains("Wrote %s, a plain LoRA adapter of rank 5".formatted(plain));
        assertThat(Json.read(plain.resolve("adapter_config.json"))
                        .path("lora_alpha")
                        .asInt())
                .isEqualTo(5);
        Path merged = folder.resolve("merged");
        assertThat(cli.run("merge", MODEL, "--adapter=" + adapter, "--out=" + merged))
                .isEqualTo(ExitCode.OK);
        double expected = loss(MODEL, "--adapter=" + adapter);
        assertThat(loss(MODEL, "--adapter=" + plain)).isCloseTo(expected, within());
        assertThat(loss("--model=" + merged)).isCloseTo(expected, within());
        assertThat(loss(MODEL)).isNotCloseTo(expected, within());

        assertThat(cli.run("convert-adapter", "--adapter=" + adapter, "--out=" + folder.resolve("none")))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("name that with --model, and leave out --initial");

        // killed after its second step
        List<Double> losses = losses(run);
        byte[] weights = Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
        Path file = run.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        Files.delete(run.resolve("summary.json"));
        assertThat(cli.run("train", "--resume=" + run)).isEqualTo(ExitCode.OK);
        assertThat(losses(run)).isEqualTo(losses);
        assertThat(Files.readAllBytes(adapter.resolve("adapter_model.safetensors")))
                .isEqualTo(weights);

        assertThat(train(folder.resolve("again"), "--init-adapter=" + adapter)).isEqualTo(ExitCode.OK);
        assertThat(train(folder.resolve("pissa"), "--init-adapter=" + adapter, "--variant=pissa"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("--variant is pissa, but the initial adapter's");
        assertThat(train(folder.resolve("plus"), "--variant=miss", "--lora-plus-ratio=4"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("MiSS has one matrix alone; leave it out");
        assertThat(train(folder.resolve("biases"), "--variant=miss", "--bias=all"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("set bias to none");
        assertThat(train(folder.resolve("alpha"), "--variant=miss", "--alpha=3"))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("MiSS has no alpha; leave out --alpha.");
    }

    @Test
    void evaIsTrainedGoneOnWithAndRepeated() throws IOException {
        Path run = folder.resolve("run");
        assertThat(train(run, "--variant=eva", "--r=4", "--checkpoint-every=2")).isEqualTo(ExitCode.OK);
        JsonNode written = Json.read(run.resolve("adapter/adapter_config.json"));
        assertThat(written.path("init_lora_weights").asText()).isEqualTo("eva");
        assertThat(written.path("eva_config").path("rho").asDouble()).isEqualTo(1);
        assertThat(run.resolve("adapter-initial")).doesNotExist();
        assertThat(run.resolve("methods.txt")).content().contains("initialised by EVA (Paischer et al., 2024) on ");
        List<Double> losses = losses(run);
        Path random = folder.resolve("random");
        assertThat(train(random, "--r=4")).isEqualTo(ExitCode.OK);
        assertThat(losses(random).get(0)).isEqualTo(losses.get(0)); // B is zero
        assertThat(losses(random)).isNotEqualTo(losses);

        Path file = run.resolve("run.json");
        byte[] weights = Files.readAllBytes(run.resolve("adapter/adapter_model.safetensors"));
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        Files.delete(run.resolve("summary.json"));
        assertThat(cli.run("train", "--resume=" + run)).isEqualTo(ExitCode.OK);
        assertThat(Files.readAllBytes(run.resolve("adapter/adapter_model.safetensors")))
                .isEqualTo(weights);
        Path replayed = folder.resolve("replayed");
        assertThat(cli.run("train", "--config=" + run.resolve("config.yaml"), "--out=" + replayed))
                .isEqualTo(ExitCode.OK);
        assertThat(losses(replayed)).isEqualTo(losses);
        assertThat(train(folder.resolve("again"), "--init-adapter=" + run.resolve("adapter"), "--r=4"))
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void loraGaIsTrainedSavedAsPlainLoraGoneOnWithAndMerged() throws IOException {
        Path run = folder.resolve("run");
        assertThat(train(run, "--variant=lora-ga", "--r=4", "--checkpoint-every=2"))
                .isEqualTo(ExitCode.OK);
        Path adapter = run.resolve("adapter");
        Path initial = run.resolve("adapter-initial");
        JsonNode written = Json.read(adapter.resolve("adapter_config.json"));
        assertThat(written.path("init_lora_weights").asBoolean()).isTrue();
        assertThat(written.path("r").asInt()).isEqualTo(8);
        assertThat(Json.read(initial.resolve("adapter_config.json")).path("r").asInt())
                .isEqualTo(4);
        assertThat(run.resolve("methods.txt"))
                .content()
                .contains("initialised by LoRA-GA (Wang et al., 2024) from the gradients on ", "rank 4");
        assertThat(adapter.resolve("README.md")).content().contains("plain LoRA of twice the rank");
        List<Double> losses = losses(run);
        Path random = folder.resolve("random");
        assertThat(train(random, "--r=4")).isEqualTo(ExitCode.OK);
        assertThat(losses(random).get(0)).isCloseTo(losses.get(0), within()); // both start as the base
        assertThat(losses(random).get(2)).isNotCloseTo(losses.get(2), within());

        Path merged = folder.resolve("merged");
        assertThat(cli.run("merge", MODEL, "--adapter=" + adapter, "--out=" + merged))
                .isEqualTo(ExitCode.OK);
        double expected = loss(MODEL, "--adapter=" + adapter);
        assertThat(loss("--model=" + merged)).isCloseTo(expected, within());
        assertThat(loss(MODEL)).isNotCloseTo(expected, within());
        assertThat(cli.run(
                        "convert-adapter",
                        "--adapter=" + adapter,
                        "--initial=" + initial,
                        "--out=" + folder.resolve("none")))
                .isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("is plain LoRA already, of twice the rank");

        // killed after its second step
        Path file = run.resolve("run.json");
        byte[] weights = Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        Files.delete(run.resolve("summary.json"));
        Path away = folder.resolve("away");
        Files.move(initial, away);
        assertThat(cli.run("train", "--resume=" + run)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("adapter-initial, without which it cannot go on");
        Files.move(away, initial);
        assertThat(cli.run("train", "--resume=" + run)).isEqualTo(ExitCode.OK);
        assertThat(losses(run)).isEqualTo(losses);
        assertThat(Files.readAllBytes(adapter.resolve("adapter_model.safetensors")))
                .isEqualTo(weights);
        Path replayed = folder.resolve("replayed");
        assertThat(cli.run("train", "--config=" + run.resolve("config.yaml"), "--out=" + replayed))
                .isEqualTo(ExitCode.OK);
        assertThat(losses(replayed)).isEqualTo(losses);
        assertThat(train(folder.resolve("again"), "--init-adapter=" + initial, "--variant=lora-ga"))
                .isEqualTo(ExitCode.OK);
        assertThat(losses(folder.resolve("again"))).isEqualTo(losses);
    }

    @Test
    void aSizeThatIsNoneIsRefused() {
        assertThat(cli.run("merge", MODEL, "--adapter=a", "--out=" + folder.resolve("m"), "--shard-size=5"))
                .isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines())
                .containsExactly(
                        "layerwise: --shard-size \"5\" is no size; write a number with a unit, like 5GB or 500MB.");
    }

    @Test
    void theModelsOwnFolderIsNotWrittenInto() {
        assertThat(cli.run("merge", MODEL, "--adapter=" + adapter(), "--out=" + Golden.folder("bert")))
                .isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).last().asString().contains("is what --model reads");
    }

    @Test
    void anAdapterThatIsThereIsNotWrittenOver() {
        assertThat(cli.run("convert-adapter", "--adapter=" + adapter(), "--initial=" + adapter(), "--out=" + adapter()))
                .isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).last().asString().contains("is what --adapter reads");
    }

    private static Path adapter() {
        return Golden.folder("lora_bert").resolve("adapter_final");
    }

    private int train(Path out, String... flags) {
        List<String> args = new ArrayList<>(
                List.of("train", MODEL, data, "--task=classification", "--steps=4", "--batch=8", "--out=" + out));
        args.addAll(List.of(flags));
        return cli.run(args.toArray(String[]::new));
    }

    private double loss(String... model) throws IOException {
        List<String> args = new ArrayList<>(List.of("evaluate", data));
        args.addAll(List.of(model));
        assertThat(cli.run(args.toArray(String[]::new))).isEqualTo(ExitCode.OK);
        return Json.parse(cli.out()).path("loss").asDouble(Double.NaN);
    }

    private static Offset<Double> within() {
        return Assertions.within(1e-4);
    }

    private static List<Double> losses(Path run) throws IOException {
        List<Double> losses = new ArrayList<>();
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode record = Json.parse(line);
            if (record.has("loss")) {
                losses.add(record.path("loss").asDouble());
            }
        }
        assertThat(losses).hasSize(4);
        return losses;
    }
}
