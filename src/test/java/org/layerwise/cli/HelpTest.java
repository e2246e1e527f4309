package org.layerwise.cli;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingGroup;
import org.layerwise.cli.console.ExitCode;
import org.layerwise.selection.export.ExportFormat;
import org.layerwise.settings.SettingGroups;
import org.layerwise.settings.TrainingSettings;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {

    private static final String DATA =
            " --data --text --label --image --preset --samples --sampling --sampling-seed --max-length --batch"
                    + " --compat";

    private static final String MODEL = " --model --device --dtype --load --quantize --keep-quantized";

    private static final String TRAINING = TrainingSettings.VALUES.stream()
            .map(setting -> " --" + setting.name())
            .collect(Collectors.joining());

    /** The flags that were promised, apart from --config and --help, which all commands have. */
    private static final String CLUSTER = " --on --workers --gpu-workers --model-there --fsdp";

    private static final Map<String, String> FLAGS = Map.ofEntries(
            entry("models", ""),
            entry("download", "--revision"),
            entry("inspect", "--model --all"),
            entry("extract", "--adapter --position --out" + CLUSTER + MODEL + DATA),
            entry(
                    "analyze",
                    "--position --representations --against --adapter --reference --measure --bootstrap --permutations"
                            + " --rbf-bandwidth --svcca-variance --minibatch --ablation-factor --eva-components --seed"
                            + " --ratio --undefined --name --out"
                            + CLUSTER
                            + MODEL
                            + DATA),
            entry(
                    "select",
                    "--analysis --measure --ratio --top --threshold --last --kind --modules --layers --always --never --undefined"
                            + " --budget --spread --min-rank --max-rank --out --export --model --target-modules --r --alpha --dropout --variant --bias --rank-pattern"
                            + " --alpha-pattern --modules-to-save --lr --lora-plus-ratio"),
            entry("compare", "--analysis --measure --ratio --out"),
            entry("compare-predictions", "--adapter --other-model --other-adapter --out --rows" + MODEL + DATA),
            entry(
                    "trajectory",
                    "--checkpoints --position --measure --bootstrap --permutations --rbf-bandwidth --svcca-variance"
                            + " --minibatch --ablation-factor --eva-components --seed --ratio --undefined --name --out"
                            + MODEL
                            + DATA),
            entry("train", "--selection --layers --out --resume --overwrite" + TRAINING + CLUSTER + MODEL + DATA),
            entry(
                    "evaluate",
                    "--adapter --task --mismatched --worst --predictions --out --benchmark --prompt-form"
                            + " --max-new-tokens --temperature --top-p --seed --stop" + MODEL + DATA),
            entry(
                    "generate",
                    "--adapter --prompt --max-new-tokens --temperature --top-p --seed --ignore-eos --stop --out"
                            + MODEL
                            + DATA),
            entry("merge", "--model --adapter --out --shard-size"),
            entry("convert-adapter", "--adapter --initial --model --out"),
            entry("prune-adapter", "--adapter --task --by --keep --within --metric --out" + MODEL + DATA),
            entry("runs", "--sort --compare --format --out"),
            entry(
                    "experiment",
                    "--arms --ratio --seeds --lrs --sweep --pilot --difference --stopping --position --measure --bootstrap --permutations --rbf-bandwidth"
                            + " --svcca-variance --minibatch --ablation-factor --eva-components --undefined --out"
                            + TRAINING.replace(" --init-adapter", "")
                            + CLUSTER
                            + MODEL
                            + DATA),
            entry(
                    "plan",
                    "--model --layers --r --target-modules --batch --max-length --samples --gpus --gpu --reached"
                            + " --link --fsdp --gradient-checkpointing --on"),
            entry("export-job", "--selection --layers --for --out --model-there --fsdp" + TRAINING + MODEL + DATA),
            entry("remote", ""),
            entry("remote list", ""),
            entry(
                    "remote add",
                    "--ray --slurm --ssh --key --jump --storage --storage-here --python --partition --account --time"
                            + " --nodes --gpus --setup --replace"),
            entry("remote check", "--trust"),
            entry("remote remove", ""),
            entry("remote log", ""),
            entry("remote stop", ""),
            entry("remote delete", "--unfetched"),
            entry("demo", "--device --out"),
            entry("gpu", "--use --check --download --reset --threads"),
            entry("doctor", "--json"));

    @TempDir
    Path folder;

    private CommandLineFixture cli;

    @BeforeEach
    void open() {
        cli = new CommandLineFixture(folder);
    }

    static Stream<String> commands() {
        return FLAGS.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hasExactlyThePromisedFlags(String command) {
        Set<String> flags = options(command).map(OptionSpec::longestName).collect(Collectors.toSet());

        assertThat(flags)
                .containsExactlyInAnyOrder(
                        (FLAGS.get(command) + " --config --help").strip().split(" +"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpTellsEveryFlagWithItsDefault(String command) {
        assertThat(cli.run((command + " --help").split(" "))).isEqualTo(ExitCode.OK);

        assertThat(cli.errLines()).isEmpty();
        options(command).forEach(option -> {
            assertThat(cli.out()).contains(option.longestName());
            assertThat(option.description()).hasSize(1);
            String text = option.description()[0];
            boolean noDefault = option.required()
                    || List.of("--model", "--data", "--config", "--help").contains(option.longestName())
                    || text.startsWith("Instead of");
            assertThat(noDefault || text.contains("Default: "))
                    .as("%s says its default", option.longestName())
                    .isTrue();
        });
    }

    @Test
    void aCommandMadeAloneHasTheSameHelp() {
        CommandLine whole = RootCommand.commandLine(cli.context());
        whole.getSubcommands().forEach((name, command) -> {
            CommandLine alone = RootCommand.commandLine(cli.context(), List.of(name, "--help"));
            assertThat(alone.getSubcommands()).containsOnlyKeys(name);
            assertThat(HelpText.of(alone.getSubcommands().get(name), 100)).isEqualTo(HelpText.of(command, 100));
            assertThat(alone.getSubcommands().get(name).getSubcommands().keySet())
                    .isEqualTo(command.getSubcommands().keySet());
        });
        for (List<String> args : List.of(
                List.<String>of(), List.of("--help"), List.of("analise"), List.of("train", "--config=c.yaml"))) {
            assertThat(RootCommand.commandLine(cli.context(), args)
                            .getSubcommands()
                            .keySet())
                    .isEqualTo(whole.getSubcommands().keySet());
        }
    }

    @Test
    void settingsStandInTheirGroups() {
        List<String> lines = HelpText.of(line("train"), 100).lines().toList();
        for (SettingGroup group : SettingGroups.ALL) {
            List<String> flags = group.settings().stream()
                    .filter(new TrainCommand().offered()::contains)
                    .map(Setting::flag)
                    .toList();
            List<String> shown = lines.stream()
                    .dropWhile(line -> !line.equals(group.title() + ":"))
                    .takeWhile(line -> !line.isEmpty())
                    .filter(line -> line.startsWith("      --"))
                    .map(line -> line.strip().split("[= ]")[0])
                    .toList();
            assertThat(shown).as(group.title()).isEqualTo(flags);
        }
        assertThat(lines).contains("Optimizer:").doesNotContain("Analysis:");
    }

    @Test
    void helpOfSelectTellsThePurposeOfEachFormat() {
        String words = HelpText.of(line("select"), 100).replaceAll("\\s+", " ");
        for (ExportFormat format : ExportFormat.values()) {
            assertThat(words).contains("%s: %s".formatted(format.id(), format.purpose()));
        }
    }

    @Test
    void helpOfTheProgramNamesAllCommands() {
        assertThat(cli.run("--help")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).contains(topLevel());
    }

    @Test
    void tellsItsVersion() {
        assertThat(cli.run("--version")).isEqualTo(ExitCode.OK);

        assertThat(cli.out()).startsWith("layerwise ");
    }

    private Stream<OptionSpec> options(String command) {
        return line(command).getCommandSpec().options().stream();
    }

    private CommandLine line(String command) {
        CommandLine line = RootCommand.commandLine(cli.context());
        for (String word : command.split(" ")) {
            line = line.getSubcommands().get(word);
        }
        return line;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsWrappedAtBlanksOnly(String command) {
        CommandLine line = line(command);
        String text = HelpText.of(line, 100);

        assertThat(text.lines()).allMatch(one -> one.length() <= 100);
        String words = text.replaceAll("\\s+", " ");
        line.getCommandSpec().options().forEach(option -> assertThat(words).contains(option.description()[0]));
    }

    private static List<String> topLevel() {
        return FLAGS.keySet().stream().filter(name -> !name.contains(" ")).toList();
    }

    @Test
    void helpIsAsWideAsTheTerminalWithinReason() {
        assertThat(HelpText.width(null)).isEqualTo(100);
        assertThat(HelpText.width("60")).isEqualTo(100);
        assertThat(HelpText.width("120")).isEqualTo(120);
        assertThat(HelpText.width("400")).isEqualTo(140);
    }

    @Test
    void onlyTrainHasABatchOfItsOwn() {
        cli.run("evaluate", "--help");

        assertThat(cli.out().replaceAll("\\s+", " "))
                .contains("Rows per batch; extract and analyze choose their own batches. Default: 16 for train;");
    }

    @Test
    void accumulatedBatchesAreTheSameStepWithoutDropout() {
        cli.run("train", "--help");

        assertThat(cli.out().replaceAll("\\s+", " "))
                .contains("Without dropout, --batch 4 --accumulate 4 is the same step as --batch 16;");
    }

    @Test
    void helpIsACommandToo() {
        cli.run("train", "--help");
        String train = cli.out();

        assertThat(cli.run("help", "train")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).isEqualTo(train);
        assertThat(cli.run("help")).isEqualTo(ExitCode.OK);
        assertThat(cli.out()).contains(topLevel());
    }
}
