package org.layerwise.study.experiment;

import java.util.List;

/** A part of a report, which may be written in several ways. */
sealed interface Block {

    /** @param level 1 for the title, 2 for a part */
    record Heading(int level, String text) implements Block {}

    record Paragraph(String text) implements Block {}

    record Points(List<String> texts) implements Block {}

    /**
     * A table.
     *
     * @param rows the headings first; all as long
     */
    record Table(List<List<String>> rows) implements Block {}

    /** @param file of the picture, beside the report */
    record Figure(String file, String caption) implements Block {}

    record Code(String text) implements Block {}
}
