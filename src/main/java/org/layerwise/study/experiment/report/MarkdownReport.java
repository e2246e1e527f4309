package org.layerwise.study.experiment.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Formats a report as Markdown with GitHub's tables. */
public final class MarkdownReport {

    private MarkdownReport() {}

    /** Returns the report as Markdown. */
    public static String of(List<ReportBlock> blocks) {
        return blocks.stream().map(MarkdownReport::text).collect(Collectors.joining("\n"));
    }

    /** Returns the paragraphs right below a heading of a report that {@link #of} formatted; empty if it has none. */
    public static List<String> paragraphs(String report, String heading) {
        return report.lines()
                .dropWhile(line -> !line.matches("#+ " + Pattern.quote(escaped(heading))))
                .skip(1)
                .takeWhile(line -> !line.matches("([#|]|- |!\\[|```).*"))
                .filter(line -> !line.isBlank())
                .map(line -> line.replaceAll("\\\\(.)", "$1"))
                .toList();
    }

    private static String text(ReportBlock block) {
        if (block instanceof ReportBlock.Heading heading) {
            return "#".repeat(heading.level()) + " " + escaped(heading.text()) + "\n";
        }
        if (block instanceof ReportBlock.Paragraph paragraph) {
            return escaped(paragraph.text()) + "\n";
        }
        if (block instanceof ReportBlock.Points points) {
            return points.texts().stream()
                    .map(text -> "- " + escaped(text) + "\n")
                    .collect(Collectors.joining());
        }
        if (block instanceof ReportBlock.Table table) {
            List<String> lines = table.rows().stream().map(MarkdownReport::row).collect(Collectors.toList());
            lines.add(1, "|" + " --- |".repeat(table.rows().get(0).size()));
            return String.join("\n", lines) + "\n";
        }
        if (block instanceof ReportBlock.Figure figure) {
            return "![%s](%s)\n".formatted(escaped(figure.caption()), figure.file());
        }
        return "```\n" + ((ReportBlock.Code) block).text().stripTrailing() + "\n```\n";
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> " " + escaped(cell) + " |").collect(Collectors.joining("", "|", ""));
    }

    /** Escapes characters that have a meaning in Markdown. */
    private static String escaped(String text) {
        return text.replaceAll("[\\\\`*_<|\\[\\]]", "\\\\$0").replaceAll("\\R", " ");
    }
}
