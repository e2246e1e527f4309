package org.layerwise.gui.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.gui.common.Sheet.Cell;
import org.layerwise.gui.common.Sheet.Column;

class SheetTest {

    private final Sheet sheet = new Sheet(
            List.of(new Column("Layer", "layer", "", false), new Column("Value", "value, all", "", true)),
            List.of(
                    List.of(Cell.of("a \"b\""), new Cell("0.333", "0.3333333333333333")),
                    List.of(Cell.of("two\tparts"), Cell.NONE)));

    @Test
    void filesHaveAllDigitsAndQuotesWhereTheyAreNeeded() {
        assertThat(sheet.csv())
                .isEqualTo(
                        """
                layer,"value, all"
                "a ""b""\",0.3333333333333333
                two parts,
                """);
    }

    @Test
    void aNumberInFilesReadsBackAsTheSame() {
        assertThat(Cell.of("2.0e-3", 2e-3).exact()).isEqualTo("0.002");
        assertThat(Cell.of("0", 2e-23).exact()).isEqualTo("2e-23");
        assertThat(Cell.of("–", Double.NaN)).isEqualTo(Cell.NONE);
    }

    @Test
    void theClipboardHasWhatPeopleSee() {
        assertThat(sheet.tsv()).isEqualTo("Layer\tValue\na \"b\"\t0.333\ntwo parts\t–\n");
    }

    @Test
    void everyRowHasACellAColumn() {
        assertThatThrownBy(() -> new Sheet(sheet.columns(), List.of(List.of(Cell.NONE))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void columnsWithoutValuesAreLeftOut() {
        Sheet.Column layer = new Sheet.Column("Layer", "layer", "", true);
        Sheet.Column low = new Sheet.Column("Low", "low", "", true);
        Sheet sheet = new Sheet(
                List.of(layer, low),
                List.of(List.of(Sheet.Cell.of("0"), Sheet.Cell.NONE), List.of(Sheet.Cell.of("1"), Sheet.Cell.NONE)));
        assertThat(sheet.withoutEmptyColumns().columns()).containsExactly(layer);
        assertThat(sheet.withoutEmptyColumns().rows()).hasSize(2);
        assertThat(Sheet.empty().withoutEmptyColumns()).isEqualTo(Sheet.empty());
    }
}
