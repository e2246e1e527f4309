package org.layerwise.chart.heatmap;

import org.layerwise.analysis.ModuleImportance;
import org.layerwise.base.CsvText;
import org.layerwise.base.Decimals;

/** CSV table of the importance of linear maps, {@code modules.csv}: a header, then one line for each. */
public final class ModuleImportanceCsv {

    private ModuleImportanceCsv() {}

    /** Returns the text of the table. Lines end with a line feed. */
    public static String text(ModuleImportance importance) {
        StringBuilder text = new StringBuilder("module,type,layer,importance\n");
        for (ModuleImportance.Module module : importance.modules()) {
            text.append(CsvText.quoted(module.name()))
                    .append(',')
                    .append(CsvText.quoted(module.type()))
                    .append(',')
                    .append(module.layer())
                    .append(',')
                    .append(Decimals.shortest(module.value()))
                    .append('\n');
        }
        return text.toString();
    }
}
