package org.layerwise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.run.Run;
import org.layerwise.selection.LayerSelection;
import org.layerwise.selection.RankBudget;
import org.layerwise.selection.RankRule;
import org.layerwise.selection.SavedSelection;
import org.layerwise.selection.SelectedModules;
import org.layerwise.selection.SelectionFile;
import org.layerwise.selection.SelectionRule;
import org.layerwise.testing.Golden;

/** Selections of linear maps and ranks, from the analysis to the adapter. */
class SelectModulesTest {

    /** Widths in and out together of the linear maps of a layer of the model. */
    private static final Map<String, Integer> UNITS = Map.of(
            "self_attn.q_proj", 48 + 48,
            "self_attn.k_proj", 48 + 24,
            "self_attn.v_proj", 48 + 24,
            "self_attn.o_proj", 48 + 48,
            "mlp.gate_proj", 48 + 80,
            "mlp.up_proj", 48 + 80,
            "mlp.down_proj", 80 + 48);

    private static final int FULL = 8 * 4 * 720;

    private static final Path MODEL = Golden.folder("llama");

    @TempDir
    Path folder;

    private CommandLineFixture cli;
    private Path analysis;
    private Path out;

    @BeforeEach
    void analysis() {
        cli = new CommandLineFixture(folder);
        analysis = folder.resolve("analysis");
        out = folder.resolve("selection.json");
        assertThat(cli.run("analyze", "--model=" + MODEL, "--measure=snr,condition", "--out=" + analysis))
                .isEqualTo(ExitCode.OK);
    }

    private int select(String... flags) {
        cli = new CommandLineFixture(folder);
        List<String> line = new ArrayList<>(List.of("select", "--analysis=" + analysis, "--out=" + out));
        line.addAll(List.of(flags));
        return cli.run(line.toArray(String[]::new));
    }

    private static long parameters(SelectedModules modules, int usual) {
        return modules.names().stream()
                .mapToLong(name -> (long) modules.rank(name).orElse(usual) * UNITS.get(SelectedModules.type(name)))
                .sum();
    }

    @Test
    void theMostImportantLinearMapsAreSelected() throws IOException {
        assertThat(select("--modules=25%", "--measure=condition")).isEqualTo(ExitCode.OK);

        SavedSelection saved = SelectionFile.read(out);
        SelectedModules modules = saved.selection().modules();
        assertThat(modules.names()).hasSize(7);
        assertThat(modules.ranks()).isEmpty();
        assertThat(saved.selection().reason().rule())
                .isEqualTo(new SelectionRule.ModuleRatio(0.25, saved.selection().layers()));
        assertThat(saved.origin().measure()).isEqualTo("condition");
        // no other linear map has a larger value
        Map<String, Double> values = values("condition");
        double least = modules.names().stream().mapToDouble(values::get).min().orElseThrow();
        values.forEach((name, value) -> assertThat(modules.names().contains(name) || value <= least)
                .as(name)
                .isTrue());
        assertThat(cli.out()).contains(parameters(modules, 8) + " parameters in adapters, ", " of all layers");

        assertThat(select(
                        "--modules=25%",
                        "--measure=condition",
                        "--never=" + saved.selection().layers().first()))
                .isEqualTo(ExitCode.OK);
        assertThat(SelectionFile.read(out).selection().layers())
                .isNotEmpty()
                .doesNotContain(saved.selection().layers().first());
        assertThat(select("--modules=9", "--always=2", "--measure=snr,condition", "--target-modules=q_proj,up_proj"))
                .isEqualTo(ExitCode.OK);
        assertThat(SelectionFile.read(out).selection().modules().names())
                .hasSize(8) // all that there are
                .contains("model.layers.2.self_attn.q_proj", "model.layers.2.mlp.up_proj");
        assertThat(cli.errLines()).containsExactly("9 linear maps were asked for, 8 could be selected.");
    }

    private Map<String, Double> values(String measure) throws IOException {
        Map<String, Double> values = new HashMap<>();
        JsonNode second = Json.read(analysis.resolve("analysis.json"))
                .path("other_measures")
                .path(0);
        assertThat(second.path("measure").asText()).isEqualTo(measure);
        second.path("modules")
                .forEach(module -> values.put(
                        module.path("name").asText(), module.path("value").asDouble()));
        assertThat(values).hasSize(28);
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "50%, PROPORTIONAL, 0.5, 1, 64",
        "0.3, WATERFILL, 0.3, 1, 64",
        "20000, WATERFILL, , 2, 16",
        "3000, PROPORTIONAL, , 3, 12"
    })
    void ranksAreSpreadWithinABudget(String budget, RankRule rule, Double share, int low, int high) throws IOException {
        assertThat(select("--budget=" + budget, "--spread=" + rule.id(), "--min-rank=" + low, "--max-rank=" + high))
                .isEqualTo(ExitCode.OK);

        LayerSelection selection = SelectionFile.read(out).selection();
        long most = share == null ? Long.parseLong(budget) : (long) Math.floor(share * FULL);
        assertThat(selection.reason().budget()).isEqualTo(new RankBudget(most, rule, low, high));
        assertThat(parameters(selection.modules(), 0)).isBetween((long) Math.ceil(0.75 * most), most);
        assertThat(selection.modules().ranks().values()).allMatch(rank -> rank >= low && rank <= high);
    }

    @Test
    void parametersAreThoseOfTheVariant() {
        assertThat(select("--modules=28", "--r=4", "--target-modules=all-linear"))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains(FULL / 2 + " parameters in adapters, 100.0 % of LoRA of rank 4 on ");

        // MiSS trains r rows for each module, which are as long as its outputs: 48, 24, 24, 48, 80, 80 and 48
        assertThat(select("--modules=28", "--r=4", "--variant=miss", "--target-modules=all-linear"))
                .isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains(4 * 4 * 352 + " parameters in adapters, 100.0 % of MiSS of rank 4 on ");
    }

    @Test
    void ranksAreSpreadOverSelectedLayersOrModules() throws IOException {
        assertThat(select("--layers=1,3", "--budget=2000")).isEqualTo(ExitCode.OK);
        assertThat(SelectionFile.read(out).selection().modules().layers()).containsExactly(1, 3);

        assertThat(select("--modules=5", "--budget=2000")).isEqualTo(ExitCode.OK);
        assertThat(SelectionFile.read(out).selection().modules().names()).hasSize(5);
        assertThat(SelectionFile.read(out).selection().reason().rule()).isInstanceOf(SelectionRule.TopModules.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--modules=0;at least 1",
                "--modules=1.5;neither a whole number nor a share",
                "--modules=all;neither a whole number nor a share",
                "--modules=0.5,--ratio=0.5;exclude each other",
                "--budget=70;one adapter of rank 1 takes at least 72",
                "--budget=0;must be at least 1",
                "--budget=-5;neither a whole number nor a share",
                "--budget=99999999999999999999;too large",
                "--budget=72,--always=1,--layers=0;leaves the layers 1 without an adapter",
                "--spread=waterfill;give --budget",
                "--max-rank=4;give --budget",
                "--budget=5000,--min-rank=9,--max-rank=8;above the highest",
                "--budget=5000,--max-rank=0;highest rank is 0",
                "--measure=cka;it has snr, condition",
                "--budget=5000,--spread=eva;choose the measure eva",
                "--budget=5000,--spread=eva,--min-rank=2;has no lowest rank",
                "--budget=5000,--target-modules=query;is called \"query\"",
                "--budget=5000,--variant=miss;MiSS has one rank for all modules"
            })
    void whatCannotBeMeantIsRefused(String flags, String message) {
        assertThat(select(flags.split(","))).isEqualTo(ExitCode.BAD_INPUT);

        assertThat(cli.errLines()).last().asString().contains(message);
        assertThat(out).doesNotExist();
    }

    @Test
    void anAdapterIsTrainedOnTheLinearMapsAtTheirRanks() throws IOException {
        assertThat(select("--modules=0.6", "--budget=30%", "--max-rank=16")).isEqualTo(ExitCode.OK);
        SelectedModules modules = SelectionFile.read(out).selection().modules();
        assertThat(new TreeSet<>(modules.ranks().values())).hasSizeGreaterThan(1);
        Path run = folder.resolve("run");

        assertThat(train(run, "--steps=2", "--alpha=12")).isEqualTo(ExitCode.OK);

        JsonNode config = Json.read(run.resolve("adapter/adapter_config.json"));
        int highest = modules.highestRank().orElseThrow();
        assertThat(config.path("r").intValue()).isEqualTo(highest);
        assertThat(config.path("lora_alpha").doubleValue()).isEqualTo(1.5 * highest);
        List<String> targets = new ArrayList<>();
        config.path("target_modules").forEach(name -> targets.add(name.asText()));
        assertThat(targets).containsExactlyInAnyOrderElementsOf(modules.names());
        modules.ranks().forEach((name, rank) -> {
            assertThat(config.path("rank_pattern").path(name).asInt(highest)).isEqualTo(rank);
            assertThat(config.path("alpha_pattern").path(name).asDouble(1.5 * highest))
                    .isEqualTo(1.5 * rank);
        });
        assertThat(Json.read(run.resolve("summary.json"))
                        .path("adapter_parameters")
                        .longValue())
                .isEqualTo(parameters(modules, 0));
        assertThat(run.resolve("methods.txt"))
                .content()
                .contains(
                        "The %s linear maps (".formatted(modules.names().size()),
                        "got adapters of ranks 4 to 5 with alpha 7.5 at rank 5, the same scale at all, and dropout 0")
                .doesNotContain("model.layers.");
        assertThat(Run.open(run).layersReason()).startsWith("by share 0.6 of the linear maps of snr");

        // config.yaml alone repeats the training
        Path again = folder.resolve("again");
        cli = new CommandLineFixture(folder);
        assertThat(cli.run("train", "--config=" + run.resolve("config.yaml"), "--out=" + again))
                .isEqualTo(ExitCode.OK);
        assertThat(Files.readAllBytes(again.resolve("adapter/adapter_model.safetensors")))
                .isEqualTo(Files.readAllBytes(run.resolve("adapter/adapter_model.safetensors")));
    }

    @Test
    void layerNamesAloneMayBeWrittenByHand() throws IOException {
        Files.writeString(
                out,
                "{\"of\":4,\"layers\":[0,3],\"modules\":[\"layers.3.self_attn.q_proj\",\"layers.0.mlp.up_proj\"]}");
        Path run = folder.resolve("run");

        assertThat(train(run, "--steps=1", "--r=4")).isEqualTo(ExitCode.OK);

        assertThat(Json.read(run.resolve("summary.json"))
                        .path("adapter_parameters")
                        .longValue())
                .isEqualTo(4 * (96 + 128));
    }

    @Test
    void otherTargetsBesideSelectedModulesAreRefused() throws IOException {
        assertThat(select("--budget=30%")).isEqualTo(ExitCode.OK);

        assertThat(train(folder.resolve("run"), "--target-modules=q_proj")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .last()
                .asString()
                .contains("The selection names its modules")
                .contains("--target-modules");
        assertThat(train(folder.resolve("run"), "--rank-pattern=q_proj=2")).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines())
                .last()
                .asString()
                .contains("has ranks of its own")
                .contains("--rank-pattern");
        Files.writeString(out, "{\"of\":4,\"layers\":[3],\"modules\":[\"layers.3.self_attn.query\"]}");
        assertThat(train(folder.resolve("run"))).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(cli.errLines()).last().asString().contains("is called \"layers.3.self_attn.query\"");
    }

    private int train(Path run, String... flags) throws IOException {
        cli = new CommandLineFixture(folder);
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 4; row++) {
            rows.append("{\"input_ids\": [1, %s, %s, %s, 9]}%n".formatted(3 + row, 20 - row, 5 + row * 7 % 11));
        }
        Path data = Files.writeString(folder.resolve("tokens.jsonl"), rows);
        List<String> line = new ArrayList<>(List.of(
                "train",
                "--model=" + MODEL,
                "--data=" + data,
                "--device=cpu",
                "--batch=2",
                "--selection=" + out,
                "--out=" + run));
        line.addAll(List.of(flags));
        return cli.run(line.toArray(String[]::new));
    }
}
