package org.layerwise.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.PlainText;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.Output;
import org.layerwise.base.file.WritablePaths;
import org.layerwise.base.json.Json;
import org.layerwise.cli.console.ConsoleProgress;
import org.layerwise.cli.report.RunsReport;
import org.layerwise.run.Run;
import org.layerwise.run.RunColumn;
import org.layerwise.run.RunOverview;
import org.layerwise.run.RunStore;
import org.layerwise.run.RunTable;
import org.layerwise.run.paired.RunPairs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Command {@code runs}: lists and compares training runs. */
@Command(
        name = "runs",
        customSynopsis = "layerwise runs [DIR ...] [OPTIONS]",
        description =
                "List trainings: how far each is, what it was made from, how good it is on validation and test rows, what"
                        + " it took. One that was interrupted is told with the command that goes on with it.")
final class RunsCommand extends LayerwiseCommand {

    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description = "Run folders, or folders of them. Default: the user's own runs.")
    private List<Path> folders = List.of();

    @Option(
            names = "--sort",
            paramLabel = "COLUMN",
            description =
                    "created, name, state, model, data, layers, variant, trainable, steps, validation, test (the best"
                            + " first), seconds or memory. Default: created.")
    private RunColumn sort = RunColumn.CREATED;

    @Option(
            names = "--compare",
            description =
                    "Tell the settings, and the versions and machines, in which the runs differ, and test each pair of runs on"
                            + " the rows that both were evaluated on. Default: off.")
    private boolean compare;

    @Option(
            names = "--format",
            paramLabel = "text|csv|json",
            description = "How the table is written. Default: text, or as the name of --out ends.")
    private @Nullable String format;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the table here. Default: it is printed.")
    private @Nullable Path out;

    @Override
    void run() {
        String written = format();
        if (out != null) {
            WritablePaths.requireFile(out);
        }
        List<Path> asked = folders.isEmpty() ? List.of(context().folders().runs()) : folders;
        RunTable table = new RunTable(overviews(asked)).sorted(sort);
        if (out != null) {
            Output target = new Output("--out", out);
            table.runs().forEach(one -> target.requireNotOf(one.run().folder(), Run::writes));
        }
        if (table.runs().isEmpty() && written.equals("text")) {
            context()
                    .say("There is no run in %s."
                            .formatted(String.join(
                                    ", ", asked.stream().map(Path::toString).toList())));
            return;
        }
        List<String> lines =
                switch (written) {
                    case "csv" -> table.csv(compare).lines().toList();
                    case "json" -> Json.pretty(json(table)).lines().toList();
                    default -> RunsReport.lines(table, asked.size() == 1 ? asked.get(0) : Path.of(""), pairs(table));
                };
        if (out == null) {
            lines.forEach(context()::say);
        } else {
            AtomicFiles.writeString(out, String.join("\n", lines) + "\n");
            context().say("Wrote " + out);
        }
    }

    private ArrayNode json(RunTable table) {
        ArrayNode json = table.json(compare);
        pairs(table)
                .ifPresent(pairs ->
                        pairs.put(table.runs().stream().map(RunOverview::run).toList(), json));
        return json;
    }

    /** Returns paired tests of the metric that each run reports; empty without {@code --compare}. */
    private Optional<RunPairs> pairs(RunTable table) {
        if (!compare) {
            return Optional.empty();
        }
        try (ConsoleProgress progress =
                new ConsoleProgress(context().console(), context().cancellation(), "Compare")) {
            return Optional.of(
                    RunPairs.of(table.runs().stream().map(RunOverview::run).toList(), progress));
        }
    }

    private String format() {
        if (format == null) {
            String name = out == null ? "" : out.toString();
            return name.endsWith(".csv") ? "csv" : name.endsWith(".json") ? "json" : "text";
        }
        if (!List.of("text", "csv", "json").contains(format)) {
            throw new UserException("--format must be text, csv or json, but is \"%s\".".formatted(format));
        }
        return format;
    }

    private List<RunOverview> overviews(List<Path> asked) {
        try (ConsoleProgress progress =
                new ConsoleProgress(context().console(), context().cancellation(), "Read")) {
            return overviews(asked, progress);
        }
    }

    private List<RunOverview> overviews(List<Path> asked, Progress progress) {
        List<RunOverview> overviews = new ArrayList<>();
        for (Path folder : asked) {
            if (!folders.isEmpty() && !Files.isDirectory(folder)) {
                throw new UserException("There is no folder %s; name a folder that train wrote, or one that holds some."
                        .formatted(folder));
            }
            overviews.addAll(new RunStore(folder).read(run -> RunOverview.of(run, progress), progress, this::remark));
        }
        return overviews;
    }

    private void remark(String sentence) {
        context().console().err().println(PlainText.message(sentence));
    }
}
