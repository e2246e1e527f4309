package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.hub.Hub;
import org.layerwise.checkpoint.hub.HubId;
import org.layerwise.checkpoint.hub.HubSettings;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.testing.FakeHub;
import org.layerwise.testing.FakeRepo;
import org.layerwise.testing.Golden;

/** {@code models}, {@code download} and models of the hub in other commands, against a hub on this machine. */
class HubCommandsTest {

    private static final String ID = "org/tiny-llama";

    @TempDir
    Path folder;

    private FakeHub hub;
    private FakeRepo repo;
    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        hub = FakeHub.start();
        repo = hub.add(FakeRepo.of(ID, Golden.folder("llama")).revision("v1"));
        cli = cli(Map.of());
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private CommandLineFixture cli(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HF_ENDPOINT",
                hub.endpoint().toString(),
                "HF_HUB_CACHE",
                folder.resolve("hub").toString()));
        environment.putAll(more);
        return new CommandLineFixture(folder, environment);
    }

    /** Returns the number of bytes of a model that have arrived in the cache before the file is complete. */
    private long partBytes() throws IOException {
        Path blobs = folder.resolve("hub/models--org--tiny-llama/blobs");
        if (!Files.isDirectory(blobs)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(blobs)) {
            return files.filter(file -> file.toString().endsWith(".incomplete"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private Path snapshot() {
        return folder.resolve("hub/models--org--tiny-llama/snapshots").resolve(repo.commit());
    }

    @Test
    void downloadSaysTheSizeAndPrintsTheFolder() {
        assertThat(cli.run("download", ID)).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).isEqualTo(snapshot() + System.lineSeparator());
        assertThat(cli.errLines())
                .anyMatch(line -> line.matches("org/tiny-llama: 2 files, \\d+ KiB\\."))
                .anyMatch(line -> line.contains("Downloading org/tiny-llama, "));
        assertThat(snapshot().resolve("model.safetensors"))
                .hasSameBinaryContentAs(Golden.folder("llama").resolve("model.safetensors"));
    }

    @Test
    void weightsOfAModelThatCannotBeUsedAreNotFetched() throws IOException {
        Path quantised = Files.createDirectories(folder.resolve("quantised"));
        Files.copy(Golden.folder("llama").resolve("model.safetensors"), quantised.resolve("model.safetensors"));
        ObjectNode config = (ObjectNode) Json.read(Golden.folder("llama").resolve("config.json"));
        config.putObject("quantization_config").put("quant_method", "hqq");
        Json.write(quantised.resolve("config.json"), config);
        hub.add(FakeRepo.of("org/quantised", quantised));

        assertThat(cli.run("inspect", "--model", "org/quantised")).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).anyMatch(line -> line.contains("hqq"));
        assertThat(hub.served("model.safetensors")).isZero();
    }

    @Test
    void aFileOfTheUserInTheCacheIsUsedAndToldOnce() throws IOException {
        assertThat(cli.run("download", ID)).isEqualTo(ExitCode.OK);
        Path config = snapshot().resolve("config.json");
        String edited = Files.readString(config) + " \n";
        Files.delete(config);
        Files.writeString(config, edited);

        for (List<String> command : List.of(List.of("download", ID), List.of("inspect", "--model", ID))) {
            CommandLineFixture again = cli(Map.of());
            assertThat(again.run(command.toArray(String[]::new))).isEqualTo(ExitCode.OK);
            assertThat(again.errLines())
                    .filteredOn(line -> line.contains(config + " is not the file of org/tiny-llama that the hub lists"))
                    .hasSize(1);
            assertThat(again.errLines())
                    .filteredOn(line -> line.contains("2 files"))
                    .allMatch(line -> line.endsWith("all there already."));
            assertThat(config).hasContent(edited);
        }
    }

    @Test
    void whatIsThereIsNotFetchedAgain() {
        cli.run("download", ID);
        long served = hub.served("model.safetensors");

        assertThat(cli.run("download", ID, "--revision", "v1")).isEqualTo(ExitCode.OK);

        assertThat(hub.served("model.safetensors")).isEqualTo(served);
        assertThat(cli.errLines()).anyMatch(line -> line.endsWith("all there already."));
    }

    @Test
    void aRevisionIsNamedInEitherWay() {
        assertThat(cli.run("download", ID + "@v1")).isEqualTo(ExitCode.OK);
        assertThat(cli.run("download", ID + "@v1", "--revision=v1")).isEqualTo(ExitCode.OK);
        assertRefused("name two revisions; leave one out.", "download", ID + "@v1", "--revision=v2");
        assertRefused("org/tiny-llama has no revision 'v2' on the hub", "download", ID, "--revision=v2");
    }

    @Test
    void completeModelsThatAreNotSupportedAreNotListedAsUsable() throws IOException {
        Path model = Files.createDirectories(folder.resolve("mamba"));
        Files.copy(Golden.folder("llama").resolve("model.safetensors"), model.resolve("model.safetensors"));
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"mamba\"}");
        hub.add(FakeRepo.of("org/mamba", model));
        Map<String, String> environment = Map.of(
                "HF_ENDPOINT",
                hub.endpoint().toString(),
                "HF_HUB_CACHE",
                folder.resolve("hub").toString());
        Hub.of(HubSettings.of(environment, folder))
                .download(new HubId("org/mamba"), "main", (file, config) -> {}, new PauseSwitch(), Progress.none());
        cli.run("download", ID);

        assertThat(cli.run("models")).isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines())
                .anyMatch(line -> line.startsWith(ID) && line.endsWith("usable"))
                .anyMatch(line -> line.startsWith("org/mamba") && line.contains(" It is a model of type \"mamba\", "));
    }

    @Test
    void whatCannotBeDownloadedIsToldWithTheWayOut() {
        assertRefused("The hub shows no model org/nothing: check the spelling at", "download", "org/nothing");
        assertRefused("The sample model comes with the program", "download", "sample");
        assertRefused("is a folder on this machine; name a model of the hub", "download", folder.toString());
        assertRefused("The name of the model is empty", "download", " ");
        assertRefused("Missing required parameter: 'ID[@REVISION]'", "download");
        assertRefused("did you mean --revision?", "download", ID, "--revison=v1");
        assertRefused("There is no folder ./nowhere", "download", "./nowhere");
    }

    @Test
    void withoutNetworkTheCacheIsUsed() {
        CommandLineFixture offline = cli(Map.of("HF_HUB_OFFLINE", "1"));
        assertThat(offline.run("inspect", "--model", ID)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(offline.errLines())
                .singleElement()
                .asString()
                .contains("is not complete in %s".formatted(folder.resolve("hub")), "unset HF_HUB_OFFLINE");
        cli.run("download", ID);

        assertThat(offline.run("inspect", "--model", ID)).isEqualTo(ExitCode.OK);
        assertThat(offline.out()).startsWith("tiny-llama: llama (decoder)");
    }

    @Test
    void aHubThatCannotBeReachedIsToldWithTheWayOut() {
        CommandLineFixture unreachable = cli(Map.of("HF_ENDPOINT", "http://127.0.0.1:1"));

        assertThat(unreachable.run("download", ID)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(unreachable.errLines().get(unreachable.errLines().size() - 1))
                .startsWith("layerwise: Cannot reach http://127.0.0.1:1")
                .contains("check the network");
    }

    @Test
    void aDownloadThatIsStoppedGoesOnTheNextTime() throws Exception {
        int bytes = 100_000;
        hub.lay("model.safetensors", hub.silentAfter(bytes));
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> cli.run(args("extract", ID)));
        // what the hub has sent need not have arrived
        while (!code.isDone() && partBytes() == 0) {
            Thread.sleep(5);
        }
        cli.context().cancellation().request();

        assertThat(code.get(30, TimeUnit.SECONDS)).isEqualTo(ExitCode.CANCELLED);
        assertThat(cli.errLines())
                .last()
                .isEqualTo("layerwise: stopped; what was downloaded is kept, and the same command goes on from there.");
        assertThat(folder.resolve("out")).doesNotExist();

        CommandLineFixture again = cli(Map.of());
        assertThat(again.run(args("extract", ID))).isEqualTo(ExitCode.OK);
        assertThat(hub.requests()).anyMatch(request -> request.range().matches("bytes=[1-9]\\d*-"));
        assertThat(folder.resolve("out")).isNotEmptyFile();
    }

    @Test
    void theNameOfAModelOfTheHubIsTheOneInFiles() throws Exception {
        assertThat(cli.run(args("analyze", ID + "@v1"))).isEqualTo(ExitCode.OK);

        assertThat(Files.list(folder.resolve("out"))
                        .map(file -> file.getFileName().toString()))
                .anyMatch(name -> name.startsWith("cka_layer_list_tiny-llama_"));
    }

    @Test
    void modelsListsWhatIsThereInColumns() {
        cli.run("download", ID);

        assertThat(cli.run("models")).isEqualTo(ExitCode.OK);

        assertThat(cli.errLines()).isEmpty();
        List<String> lines = cli.out().lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).matches("model +revision +size +last used +state");
        assertThat(lines.get(1)).matches("org/tiny-llama  main +\\d+ KiB  \\d{4}-\\d\\d-\\d\\d  usable");
        assertThat(lines.get(1).indexOf("usable")).isEqualTo(lines.get(0).indexOf("state"));
    }

    @Test
    void modelsTellsWhatIsWrong() throws Exception {
        cli.run("download", ID);
        Files.delete(snapshot().resolve("config.json"));

        assertThat(cli.run("models")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains("config.json").doesNotContain("usable");
    }

    @Test
    void withoutModelsTheWayToOneIsTold() {
        assertThat(cli.run("models")).isEqualTo(ExitCode.OK);

        assertThat(cli.out().lines())
                .containsExactly("No model of the HuggingFace hub is in %s; layerwise download org/name fetches one."
                        .formatted(folder.resolve("hub")));
    }

    private String[] args(String command, String model) {
        List<String> args = new ArrayList<>(List.of(command, "--model", model, "--data"));
        args.add(TokenRows.of("llama", folder).toString());
        args.addAll(List.of("--device", "cpu", "--out", folder.resolve("out").toString()));
        return args.toArray(String[]::new);
    }

    private void assertRefused(String message, String... args) {
        assertThat(cli.run(args)).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().startsWith("layerwise: ").contains(message);
        assertThat(cli.out()).isEmpty();
    }
}
