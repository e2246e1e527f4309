package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.file.Folders;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.Golden;

/** Trainings that would lose something, or do something else than their flags seem to say, are refused. */
class RefusedTrainingTest {

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path data;
    private Path out;

    @BeforeEach
    void open() throws IOException {
        cli = new CommandLineFixture(folder);
        data = TokenRows.of("bert", folder);
        out = folder.resolve("run");
    }

    private int train(String... more) {
        List<String> args = new ArrayList<>(List.of("train", "--model=" + Golden.folder("bert"), "--data=" + data));
        args.addAll(List.of("--batch=4", "--steps=4", "--out=" + out));
        args.addAll(List.of(more));
        return cli.run(args.toArray(String[]::new));
    }

    private void assertRefused(int code, String... parts) {
        assertThat(code).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines().get(cli.errLines().size() - 1))
                .startsWith("layerwise: ")
                .contains(parts);
    }

    @Test
    void aRunIsReplacedOnlyIfThatIsAskedFor() throws IOException {
        assertThat(train()).isEqualTo(ExitCode.OK);
        Path weights = out.resolve("adapter/adapter_model.safetensors");
        byte[] first = Files.readAllBytes(weights);

        assertRefused(train("--seed=7"), "There is a run in " + out, "--resume", "--overwrite");
        assertThat(Files.readAllBytes(weights)).isEqualTo(first);
        assertRefused(train("--resume", "--overwrite"), "--resume", "--overwrite");

        assertThat(train("--seed=7", "--overwrite")).isEqualTo(ExitCode.OK);
        assertThat(Files.readAllBytes(weights)).isNotEqualTo(first);
    }

    @Test
    void anAdapterThatIsNoRunsIsNotReplacedEither() throws IOException {
        Path mine = Files.createDirectories(out.resolve("adapter")).resolve("mine.txt");
        Files.writeString(mine, "mine");
        assertRefused(train(), "There is a folder \"adapter\" in " + out);
        assertThat(mine).hasContent("mine");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.yaml", "methods.txt", "metrics.jsonl", "summary.json"})
    void filesThatAreNoRunsAreNotReplacedEither(String name) throws IOException {
        Path mine = Files.writeString(Files.createDirectories(out).resolve(name), "mine");
        assertRefused(train(), "There is a file \"%s\" in %s already".formatted(name, out));
        assertThat(mine).hasContent("mine");
    }

    @Test
    void aFolderThatIsNoRunsIsNotDeleted() throws IOException {
        Path mine = Files.createDirectories(out.resolve("tensorboard")).resolve("mine.txt");
        Files.writeString(mine, "mine");
        assertRefused(train(), "There is a folder \"tensorboard\" in " + out);
        assertThat(mine).hasContent("mine");
    }

    @Test
    void aRunGoesOnWithTheSameTestRowsOnly() throws IOException {
        Path test = Files.copy(data, folder.resolve("test.jsonl"));
        assertThat(train("--test=" + test, "--checkpoint-every=2")).isEqualTo(ExitCode.OK);
        assertThat(Json.read(out.resolve("run.json"))
                        .path("identity")
                        .path("test_sha256")
                        .asText())
                .hasSize(64);
        Path file = out.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        Files.delete(out.resolve("summary.json"));
        List<String> rows = Files.readAllLines(test);
        Files.write(test, rows.subList(0, rows.size() - 1));

        assertRefused(cli.run("train", "--resume=" + out), "the test rows have changed since it began");
    }

    /** The first steps of such a run would have been computed with other settings than its files say. */
    @ParameterizedTest
    @CsvSource({"lr: 0.001,lr: 0.5,began with --lr 0.001", "batch: 4,batch: 2,began with --batch 4"})
    void aRunWhoseConfigWasEditedDoesNotGoOn(String was, String is, String message) throws IOException {
        trainInPart();
        Path file = out.resolve("config.yaml");
        Files.writeString(file, Files.readString(file).replace(was, is));

        assertRefused(cli.run("train", "--resume=" + out), message);
    }

    /** Killed before its first checkpoint. */
    @Test
    void aRunThatBeginsAnewStillTellsWhyTheseLayers() throws IOException {
        assertThat(train("--layers=1,2")).isEqualTo(ExitCode.OK);
        Path file = out.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"running\""));
        Files.delete(out.resolve("summary.json"));
        Folders.delete(out.resolve("adapter"));
        Folders.delete(out.resolve("checkpoints"));

        assertThat(cli.run("train", "--resume=" + out)).isEqualTo(ExitCode.OK);

        assertThat(cli.errLines()).anyMatch(line -> line.contains("the training starts anew"));
        assertThat(out.resolve("adapter/README.md"))
                .content()
                .contains("They were chosen by their numbers (--layers).");
    }

    @Test
    void aCheckpointThatSaysAnotherStepIsPassedOver() throws IOException {
        trainInPart();
        Path file = out.resolve("checkpoints/step-4/checkpoint.json");
        Files.writeString(file, Files.readString(file).replaceAll("\"step\" ?: ?4", "\"step\": 5"));

        assertThat(cli.run("train", "--resume=" + out)).isEqualTo(ExitCode.OK);
        assertThat(cli.errLines())
                .anyMatch(line -> line.contains("step-4 is passed over: its checkpoint.json says step 5"))
                .anyMatch(line -> line.startsWith("Going on after step 2"));
    }

    /** A start from the beginning would delete them. */
    @Test
    void whatCannotBeReadIsNotDeletedByAResume() throws IOException {
        trainInPart();
        for (String step : List.of("step-2", "step-4")) {
            Files.writeString(out.resolve("checkpoints").resolve(step).resolve("checkpoint.json"), "{");
        }

        assertRefused(cli.run("train", "--resume=" + out), "its checkpoint " + out.resolve("checkpoints/step-4"));
        assertThat(out.resolve("checkpoints/step-4/state.safetensors")).exists();
        assertThat(out.resolve("adapter/adapter_model.safetensors")).exists();
    }

    @Test
    void anAdapterWithoutACheckpointIsNotDeletedByAResume() throws IOException {
        trainInPart();
        Folders.delete(out.resolve("checkpoints"));

        assertRefused(cli.run("train", "--resume=" + out), "it has an adapter and no checkpoint");
        assertThat(out.resolve("adapter/adapter_model.safetensors")).exists();
    }

    /** A resume of a folder without a run would begin one, which replaces what has the names of its files. */
    @ParameterizedTest
    @ValueSource(strings = {"checkpoints/mine.ckpt", "config.yaml", "metrics.jsonl", "tensorboard/mine.txt"})
    void whatBelongsToNoRunIsNotReplacedByAResume(String name) throws IOException {
        Path mine = out.resolve(name);
        Files.createDirectories(mine.getParent());
        Files.writeString(mine, "mine");

        assertRefused(train("--resume"), "in %s already".formatted(out), "it holds no run to resume");
        assertThat(mine).hasContent("mine");
        assertThat(out.resolve("run.json")).doesNotExist();
    }

    private void trainInPart() throws IOException {
        assertThat(train("--checkpoint-every=2")).isEqualTo(ExitCode.OK);
        Path file = out.resolve("run.json");
        Files.writeString(file, Files.readString(file).replace("\"finished\"", "\"failed\""));
        Files.delete(out.resolve("summary.json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--modules-to-save=typo_head; No module is called \"typo_head\"",
                "--rank-pattern=q_porj=2; \"q_porj\" is no module with an adapter; mend --rank-pattern",
                "--alpha-pattern=typo=3; \"typo\" is no module with an adapter; mend --alpha-pattern",
                "--variant=rslora+rslora; --variant must be one of lora, rslora, dora, pissa, pissa_niter_N, olora, eva,"
                        + " lora-ga, miss, but is \"rslora+rslora\"",
                "--variant=pissa+pissa_niter_2; --variant must be one of lora, rslora, dora, pissa, pissa_niter_N,"
                        + " olora, eva, lora-ga, miss, but is \"pissa+pissa_niter_2\"",
                "--variant=pissa+olora; --variant must be one of lora, rslora, dora, pissa, pissa_niter_N, olora, eva,"
                        + " lora-ga, miss, but is \"pissa+olora\"",
                "--variant=miss+rslora; --variant must be one of lora, rslora, dora, pissa, pissa_niter_N, olora, eva,"
                        + " lora-ga, miss, but is \"miss+rslora\"",
                "--lr=1e38; --lr must be above 0 and at most 1000000",
                "--lr=Infinity; --lr must be above 0 and at most 1000000, but is Infinity",
                "--alpha=1e40; --alpha must be above 0 and at most 1000000",
                "--r=100000000; --r must be from 1 to 65536"
            })
    void flagsThatCannotMeanWhatTheySay(String flag, String message) {
        assertRefused(train(flag), message.strip());
        assertThat(out.resolve("adapter")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "foo; --best-metric must be one of accuracy, f1, loss, matthews, pearson, perplexity, spearman, but is"
                        + " \"foo\"",
                "pearson; There is no metric pearson for this task; choose one of accuracy, f1, loss, matthews"
            })
    void aMetricThatTheTaskHasNotIsRefusedBeforeAnythingIsWritten(String metric, String message) {
        assertRefused(train("--best-metric=" + metric, "--keep-best", "--validation=" + data), message.strip());
        assertThat(out).doesNotExist();
    }

    @Test
    void aBrokenRunIsToldWithTheWayOutWhichWorks() throws IOException {
        assertThat(train("--checkpoint-every=2")).isEqualTo(ExitCode.OK);
        Files.delete(out.resolve("summary.json"));
        Path file = Files.writeString(out.resolve("run.json"), "{\"state\": ");

        assertRefused(
                cli.run("train", "--resume=" + out),
                "run.json is not valid JSON",
                "delete it, and go on with --resume and all flags that the run began with.");

        Files.delete(file);
        assertThat(train("--checkpoint-every=2", "--resume")).isEqualTo(ExitCode.OK);
        assertThat(cli.errLines()).anyMatch(line -> line.startsWith("Going on after step 4"));
    }

    @Test
    void anAdapterIsFoundInTheFolderOfItsRun() {
        assertThat(train()).isEqualTo(ExitCode.OK);
        String sentence = "The adapter of %s is in %s; name that folder.".formatted(out, out.resolve("adapter"));

        Path run = out;
        out = folder.resolve("second");
        assertRefused(train("--init-adapter=" + run), sentence);
        assertRefused(
                cli.run("evaluate", "--model=" + Golden.folder("bert"), "--data=" + data, "--adapter=" + run),
                sentence);
    }

    /** PEFT would load an adapter on the pooler by its short name without that module. */
    @Test
    void modulesOutsideOfTheChosenLayersHaveTheirFullNames() throws IOException {
        assertRefused(
                train("--layers=1", "--target-modules=query,pooler.dense"),
                "bert.pooler.dense is in no layer",
                "write bert.pooler.dense");
        assertThat(train("--layers=1", "--target-modules=query,bert.pooler.dense", "--overwrite"))
                .isEqualTo(ExitCode.OK);
        assertThat(Json.read(out.resolve("adapter/adapter_config.json")).path("layers_to_transform"))
                .hasSize(1);
        assertThat(train("--target-modules=all-linear", "--overwrite")).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(out.resolve("adapter/adapter_model.safetensors"), StandardCharsets.ISO_8859_1))
                .contains("bert.pooler.dense.lora_A");
    }

    @ParameterizedTest
    @CsvSource({"500", "-5"})
    void labelsThatAreNoTokens(String label) throws IOException {
        Path rows = Files.writeString(
                folder.resolve("rows.jsonl"), "{\"input_ids\":[1,2,3],\"labels\":[5,%s,2]}\n".formatted(label));
        assertRefused(
                cli.run("train", "--model=" + Golden.folder("llama"), "--data=" + rows, "--out=" + out),
                "Label " + label + " in row 1",
                "outside the model's vocabulary");
    }
}
