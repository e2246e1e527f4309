package org.layerwise.study.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerwise.data.Split;
import org.layerwise.data.file.DataSource;
import org.layerwise.lora.BaseModel;
import org.layerwise.lora.PeftAdapter;
import org.layerwise.lora.PeftConfig;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.model.AdapterBaseModel;
import org.layerwise.study.model.LabelledData;
import org.layerwise.study.model.OpenModel;
import org.layerwise.training.Objective;

/** Remarks on possible mistakes of the user that do not prevent a training, on this computer or on a cluster. */
public final class TrainingRemarks {

    /** Minimum number of rows for the remark on many classes, which means nothing for fewer rows. */
    private static final int ENOUGH_ROWS = 32;

    private TrainingRemarks() {}

    /** Returns the remarks as sentences; empty if there are none. */
    public static List<String> of(
            OpenModel model, DataSettings data, TrainingSettings settings, TrainingInputs material) {
        List<String> remarks = new ArrayList<>();
        if (material.train().objective() instanceof Objective.Classification classes) {
            classes(classes.labels().count(), material.train()).ifPresent(remarks::add);
        }
        remarks.addAll(measuredRowsInTraining(data, settings));
        material.adapted().remark().ifPresent(remarks::add);
        Path initial = settings.adapter().initial();
        if (initial != null) {
            BaseModel base = PeftConfig.read(PeftAdapter.configFile(initial)).base();
            AdapterBaseModel.remarkOnOther(
                            initial,
                            base == null ? "" : base.name(),
                            model.origin().name())
                    .ifPresent(remarks::add);
        }
        return remarks;
    }

    /** Returns a remark for each location of held-out rows that are also trained on. */
    static List<String> measuredRowsInTraining(DataSettings data, TrainingSettings settings) {
        List<String> heldOut = new ArrayList<>(TrainingInputs.locations(settings.validation(data)));
        Optional.ofNullable(settings.test()).ifPresent(heldOut::add);
        DataSource train = data.source(Split.TRAIN);
        return heldOut.stream()
                .distinct()
                .filter(location -> train.sharesRowsWith(data.with(location).source(Split.VALIDATION)))
                .map(location ->
                        "Rows of %s are both trained on and measured, so the result says little about other rows; name rows that are not trained on."
                                .formatted(location))
                .toList();
    }

    private static Optional<String> classes(int classes, LabelledData rows) {
        int size = rows.tokens().size();
        return size >= ENOUGH_ROWS && 2 * classes > size
                ? Optional.of(
                        "The labels of %s have %s classes in %s rows, so that hardly one is seen twice; --label names another column."
                                .formatted(rows.name(), classes, size))
                : Optional.empty();
    }
}
