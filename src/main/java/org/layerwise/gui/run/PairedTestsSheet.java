package org.layerwise.gui.run;

import static org.layerwise.gui.common.Messages.text;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.layerwise.analysis.uncertainty.Interval;
import org.layerwise.analysis.uncertainty.McNemar;
import org.layerwise.gui.common.MetricTexts;
import org.layerwise.gui.common.Sheet;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;
import org.layerwise.gui.session.RunEntry;
import org.layerwise.run.Run;
import org.layerwise.run.paired.RunPair;
import org.layerwise.run.uncertainty.PairedTest;

/**
 * Paired tests of the compared runs, one per line.
 *
 * @param title text of the button that shows the tests: the result of a single test, or the number of tests
 * @param sheet table of the tests; without rows if there is nothing to test
 * @param note scope of the tests; empty without tests
 */
record PairedTestsSheet(String title, Sheet sheet, String note) {

    /** Sheet for fewer than two runs. */
    static final PairedTestsSheet NONE = new PairedTestsSheet(text("run.pairs.title"), Sheet.empty(), "");

    private static final List<Column> COLUMNS = List.of(
            pairColumn("first", false),
            pairColumn("second", false),
            pairColumn("rows", false),
            pairColumn("metric", false),
            pairColumn("p", true),
            pairColumn("difference", true),
            pairColumn("interval", false),
            pairColumn("only-first", true),
            pairColumn("only-second", true),
            pairColumn("reason", false));

    /**
     * Creates the sheet.
     *
     * @param pairs paired tests
     * @param notes sentences about the tests
     * @param runs compared runs, which supply the names
     */
    static PairedTestsSheet of(List<RunPair> pairs, List<String> notes, Collection<RunEntry> runs) {
        Map<Path, RunEntry> byFolder =
                runs.stream().collect(Collectors.toMap(RunEntry::folder, run -> run, (one, other) -> one));
        List<List<Cell>> rows = pairs.stream().map(pair -> row(pair, byFolder)).toList();
        return new PairedTestsSheet(
                title(pairs), new Sheet(COLUMNS, rows).withoutEmptyColumns(), String.join(" ", notes));
    }

    private static String title(List<RunPair> pairs) {
        PairedTest only = pairs.size() == 1 ? pairs.get(0).test() : null;
        McNemar mcNemar = only == null ? null : only.mcNemar();
        return mcNemar == null
                ? text("run.pairs.count", pairs.size())
                : text("run.pairs.one", MetricTexts.name(pairs.get(0).metric()), p(mcNemar));
    }

    private static String p(McNemar test) {
        return String.format(Locale.ROOT, "%.2g", test.p());
    }

    private static Column pairColumn(String key, boolean number) {
        return new Column(text("run.pairs." + key), key.replace('-', '_'), text("run.pairs.tip." + key), number);
    }

    private static List<Cell> row(RunPair pair, Map<Path, RunEntry> runs) {
        PairedTest test = pair.test();
        McNemar mcNemar = test == null ? null : test.mcNemar();
        Interval interval = test == null ? null : test.interval();
        return List.of(
                name(pair.first(), runs),
                name(pair.second(), runs),
                new Cell(text("run.pairs.rows." + pair.rows()), pair.rows()),
                pair.metric().isEmpty() ? Cell.NONE : new Cell(MetricTexts.name(pair.metric()), pair.metric()),
                mcNemar == null ? Cell.NONE : Cell.of(p(mcNemar), mcNemar.p()),
                Cell.significant(test == null ? null : test.difference()),
                interval == null ? Cell.NONE : MetricTexts.cell(interval),
                Cell.count(mcNemar == null ? null : mcNemar.onlyFirst()),
                Cell.count(mcNemar == null ? null : mcNemar.onlySecond()),
                reason(pair));
    }

    private static Cell reason(RunPair pair) {
        PairedTest test = pair.test();
        String reason = test == null ? pair.reason() : test.missing();
        return reason.isEmpty() ? Cell.NONE : Cell.of(reason);
    }

    private static Cell name(Run run, Map<Path, RunEntry> runs) {
        RunEntry entry = runs.get(run.folder());
        return new Cell(entry == null ? run.name() : RunTexts.label(entry), run.name());
    }
}
