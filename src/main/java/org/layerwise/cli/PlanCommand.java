package org.layerwise.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.ByteSize;
import org.layerwise.base.Limits;
import org.layerwise.base.UserException;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.console.TextTable;
import org.layerwise.cli.option.ClusterOptions;
import org.layerwise.remote.Cluster;
import org.layerwise.remote.ClusterGpus;
import org.layerwise.remote.ClusterRegistry;
import org.layerwise.selection.LayerList;
import org.layerwise.study.cost.ClusterPlan;
import org.layerwise.study.cost.GpuKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Command {@code plan}: estimates the cost of an analysis and a training on GPUs. */
@Command(
        name = "plan",
        customSynopsis = "layerwise plan --model CONFIG.json [--on NAME] [OPTIONS]",
        description =
                "Estimate from a model's config.json alone what an analysis and a LoRA training cost on GPUs: memory a card,"
                        + " bytes moved and time a step, for all layers and for some of them.")
final class PlanCommand extends LayerwiseCommand {

    private static final int DEFAULT_ROWS = 64;
    private static final int DEFAULT_LENGTH = 512;
    private static final int DEFAULT_SAMPLES = 512;
    private static final int DEFAULT_RANK = 8;
    private static final double DEFAULT_REACHED = 0.4;
    private static final double DEFAULT_LINK_GIGABYTES = 50;
    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;
    private static final double MILLION = 1e6;
    private static final int PERCENT = 100;
    private static final int MOST = 1 << 20;

    @Option(
            names = "--model",
            paramLabel = "CONFIG.json",
            required = true,
            description = "The configuration of the model, or the folder that has it. Weights are not needed.")
    private Path model = Path.of("");

    @Option(
            names = "--layers",
            paramLabel = "LIST",
            description =
                    "The layers to compare with all: numbers and ranges, such as 1,3,8-11. Default: every second one.")
    private @Nullable String layers;

    @Option(names = "--r", paramLabel = "R", description = "Rank of the adapters. Default: " + DEFAULT_RANK + ".")
    private @Nullable Integer rank;

    @Option(
            names = "--target-modules",
            paramLabel = "NAME[,NAME...]",
            split = ",",
            hideParamSyntax = true,
            description = "Modules with adapters. Default: those usual for the model.")
    private @Nullable List<String> targets;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Rows a step, over all cards. Default: " + DEFAULT_ROWS + ".")
    private @Nullable Integer rows;

    @Option(names = "--max-length", paramLabel = "N", description = "Tokens of a row. Default: " + DEFAULT_LENGTH + ".")
    private @Nullable Integer length;

    @Option(
            names = "--samples",
            paramLabel = "N",
            description = "Rows of the analysis. Default: " + DEFAULT_SAMPLES + ".")
    private @Nullable Integer samples;

    @Option(
            names = "--gpus",
            paramLabel = "N[,N...]",
            split = ",",
            hideParamSyntax = true,
            description = "Numbers of cards. Default: 1,8,64.")
    private @Nullable List<Integer> gpus;

    @Option(names = "--gpu", paramLabel = "v100|a100|l40s|h100|h200", description = "The kind of card. Default: h100.")
    private @Nullable String gpu;

    @Option(
            names = "--reached",
            paramLabel = "SHARE",
            description =
                    "Share of the card's operations a second that is reached, above 0 and at most 1. Default: 0.4.")
    private @Nullable Double reached;

    @Option(
            names = "--link",
            paramLabel = "GB/S",
            description = "What two cards send each other, in 10^9 bytes a second. Default: 50, as 400 Gbit/s does.")
    private @Nullable Double link;

    @Option(
            names = "--fsdp",
            description = "The cards share the weights out, for models larger than a card. Default: each has all.")
    private boolean fsdp;

    @Option(
            names = "--gradient-checkpointing",
            description = "Inner values are computed again for the backward pass. Default: they are kept.")
    private boolean checkpointing;

    @Option(
            names = "--on",
            paramLabel = "NAME",
            description = "Also for as many cards as this cluster or queue has (layerwise remote list). Default: none.")
    private @Nullable String on;

    @Override
    void run() {
        Limits.atLeast("--r", rank, 1);
        Limits.between("--batch", rows, 1, MOST);
        Limits.between("--max-length", length, 1, MOST);
        Limits.between("--samples", samples, 1, MOST);
        Limits.share("--reached", reached);
        List<Integer> cards = gpus == null ? List.of(1, 8, 64) : gpus;
        cards.forEach(one -> Limits.between("--gpus", one, 1, MOST));
        if (link != null && !(link > 0)) {
            throw new UserException(
                    "--link is %s; give what two cards send each other a second, above 0.".formatted(link));
        }
        ClusterPlan.Settings settings = new ClusterPlan.Settings(
                targets,
                rank == null ? DEFAULT_RANK : rank,
                rows == null ? DEFAULT_ROWS : rows,
                length == null ? DEFAULT_LENGTH : length,
                samples == null ? DEFAULT_SAMPLES : samples,
                fsdp,
                checkpointing,
                card(),
                reached == null ? DEFAULT_REACHED : reached,
                (link == null ? DEFAULT_LINK_GIGABYTES : link) * GIGA);
        context().run("Plan", (workbench, progress) -> {
            ClusterPlan plan = ClusterPlan.of(workbench, model, settings);
            SortedSet<Integer> some = layers == null ? plan.half() : LayerList.parse(layers, plan.layers());
            Integer there = on == null ? null : there(on, progress);
            progress.close();
            head(plan, settings).forEach(context()::say);
            table(plan, some, ClusterPlan.cards(cards, there)).lines().forEach(context()::say);
            foot(plan, settings, ClusterPlan.cards(cards, there)).forEach(context()::say);
        });
    }

    private GpuKind card() {
        if (gpu == null) {
            return GpuKind.H100;
        }
        Optional<GpuKind> known = GpuKind.of(gpu);
        return known.orElseThrow(() -> new UserException("There is no card \"%s\" here; choose one of %s for --gpu."
                .formatted(
                        gpu, List.of(GpuKind.values()).stream().map(GpuKind::id).collect(Collectors.joining(", ")))));
    }

    private int there(String name, ConsoleProgress progress) {
        Cluster target = new ClusterRegistry(context().folders().config()).get(name);
        int cards = ClusterGpus.of(target, ClusterOptions.setup(context(), null), progress);
        progress.note(
                cards == 0
                        ? "%s has no GPUs that a job could have.".formatted(name)
                        : "%s: %s GPUs.".formatted(name, cards));
        return cards;
    }

    private List<String> head(ClusterPlan plan, ClusterPlan.Settings settings) {
        GpuKind card = settings.card();
        return List.of(
                String.format(
                        Locale.ROOT,
                        "%d layers, %,d parameters, %s in bfloat16%s.",
                        plan.layers(),
                        plan.parameters(),
                        ByteSize.of(plan.weightBytes()),
                        plan.isQuantized() ? ", which jobs on clusters need; its own files are quantised" : ""),
                "Rank %s on %s; %s rows of %s tokens a step%s%s."
                        .formatted(
                                settings.rank(),
                                String.join(", ", plan.targets()),
                                settings.rows(),
                                plan.length(),
                                settings.checkpointing() ? ", with gradient checkpointing" : "",
                                settings.fsdp() ? ", weights shared out (FSDP)" : ""),
                "%s: %s TFLOP/s, of which %s %% are reached, %s of memory, %s GB/s between cards."
                        .formatted(
                                card.name(),
                                number(card.flops() / TERA),
                                number(settings.reached() * PERCENT),
                                ByteSize.of(card.memory()),
                                number(settings.link() / GIGA)),
                "");
    }

    private static TextTable table(ClusterPlan plan, SortedSet<Integer> some, List<Integer> cards) {
        TextTable table = TextTable.of(
                "LoRA on",
                ">trained",
                ">TFLOP a step",
                ">cards",
                ">rows a card",
                ">memory a card",
                ">moved a step",
                ">time a step");
        for (SortedSet<Integer> layers : List.of(plan.allLayers(), some)) {
            ClusterPlan.Arm arm = plan.arm(layers);
            for (int count : cards) {
                ClusterPlan.Cost cost = plan.cost(arm, count);
                boolean first = count == cards.get(0);
                table.row(
                        first ? "%s of %s layers".formatted(layers.size(), plan.layers()) : "",
                        first ? "%s M".formatted(number(arm.trained() / MILLION)) : "",
                        first ? number(arm.operations() / TERA) : "",
                        String.valueOf(count),
                        String.valueOf(cost.rows()),
                        ByteSize.of(cost.memory()) + (cost.fits() ? "" : " too much"),
                        cost.moved() == 0 ? "nothing" : ByteSize.of((long) cost.moved()),
                        seconds(cost.seconds()));
            }
        }
        return table;
    }

    private static List<String> foot(ClusterPlan plan, ClusterPlan.Settings settings, List<Integer> cards) {
        TextTable table = TextTable.of("Analysis of", ">cards", ">memory a card", ">time", ">sent here");
        for (int count : cards) {
            ClusterPlan.AnalysisCost cost = plan.analysis(count);
            table.row(
                    count == cards.get(0) ? String.format(Locale.ROOT, "%,d rows", settings.samples()) : "",
                    String.valueOf(count),
                    ByteSize.of(cost.memory()) + (cost.fits() ? "" : " too much"),
                    seconds(cost.seconds()),
                    ByteSize.of(cost.fetched()));
        }
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(table.lines());
        lines.add("");
        lines.add(
                "Times are operations by what the card reaches, and bytes by the link; loading and evaluations come on top.");
        return lines;
    }

    private static String seconds(double seconds) {
        if (seconds < 1) {
            return number(seconds * 1000) + " ms";
        }
        return number(seconds) + " s";
    }

    /** Formats a number with three significant digits. */
    private static String number(double value) {
        if (value >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        int digits = value <= 0 ? 0 : Math.max(0, 2 - (int) Math.floor(Math.log10(value)));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
