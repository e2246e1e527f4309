package org.layerwise.study.experiment.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;

/**
 * Formats a report as one HTML file that needs no other file.
 *
 * @param folder folder of the pictures
 */
public record HtmlReport(Path folder) {

    private static final String STYLE =
            """
            body { font: 15px/1.5 system-ui, sans-serif; color: #24292f; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; margin: 1rem 0; display: block; overflow-x: auto; }
            th, td { border-bottom: 1px solid #d0d7de; padding: .3rem .8rem; text-align: left; white-space: nowrap; }
            th { color: #57606a; font-weight: 600; }
            figure { margin: 1rem 0; } figcaption { color: #57606a; } img { max-width: 100%; width: 640px; }
            pre { background: #f3f5f7; padding: .8rem; overflow-x: auto; }
            """;

    /**
     * Returns the report as HTML.
     *
     * @throws UserException if a picture cannot be read
     */
    public String of(String title, List<ReportBlock> blocks) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                %s
                </body>
                </html>
                """
                .formatted(
                        escaped(title), STYLE, blocks.stream().map(this::text).collect(Collectors.joining("\n")));
    }

    private String text(ReportBlock block) {
        if (block instanceof ReportBlock.Heading heading) {
            return "<h%1$s>%2$s</h%1$s>".formatted(heading.level(), escaped(heading.text()));
        }
        if (block instanceof ReportBlock.Paragraph paragraph) {
            return "<p>" + escaped(paragraph.text()) + "</p>";
        }
        if (block instanceof ReportBlock.Points points) {
            return points.texts().stream()
                    .map(text -> "<li>" + escaped(text) + "</li>")
                    .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
        }
        if (block instanceof ReportBlock.Table table) {
            List<List<String>> rows = table.rows();
            return "<table>\n<thead>%s</thead>\n<tbody>\n%s\n</tbody>\n</table>"
                    .formatted(
                            row(rows.get(0), "th"),
                            rows.stream().skip(1).map(row -> row(row, "td")).collect(Collectors.joining("\n")));
        }
        if (block instanceof ReportBlock.Figure figure) {
            return "<figure><img alt=\"%1$s\" src=\"data:image/png;base64,%2$s\"><figcaption>%1$s</figcaption></figure>"
                    .formatted(escaped(figure.caption()), picture(figure.file()));
        }
        return "<pre>" + escaped(((ReportBlock.Code) block).text()) + "</pre>";
    }

    private static String row(List<String> cells, String kind) {
        return cells.stream()
                .map(cell -> "<%1$s>%2$s</%1$s>".formatted(kind, escaped(cell)))
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    private String picture(String file) {
        Path path = folder.resolve(file);
        try {
            return Base64.getEncoder().encodeToString(Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(path, FileErrors.reason(e)), e);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
