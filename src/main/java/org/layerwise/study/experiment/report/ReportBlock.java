package org.layerwise.study.experiment.report;

import java.util.List;

/** Part of a report, independent of the output format. */
public sealed interface ReportBlock {

    /**
     * Heading.
     *
     * @param level 1 for the title, 2 for a section
     * @param text text of the heading
     */
    record Heading(int level, String text) implements ReportBlock {}

    record Paragraph(String text) implements ReportBlock {}

    record Points(List<String> texts) implements ReportBlock {}

    /**
     * Table.
     *
     * @param rows rows of equal length, the headings first
     */
    record Table(List<List<String>> rows) implements ReportBlock {}

    /**
     * Figure.
     *
     * @param file name of the picture, in the folder of the report
     * @param caption text below the picture
     */
    record Figure(String file, String caption) implements ReportBlock {}

    record Code(String text) implements ReportBlock {}
}
