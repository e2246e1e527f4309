package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.Progress;
import org.layerwise.data.Dataset;
import org.layerwise.study.Analysis;
import org.layerwise.study.AnalysisJob;
import org.layerwise.study.AnalysisSettings;
import org.layerwise.study.DataSettings;
import org.layerwise.study.ModelCard;
import org.layerwise.study.OpenModel;
import org.layerwise.study.TrainingJob;
import org.layerwise.study.TrainingSettings;
import org.layerwise.study.TrainingSummary;
import org.layerwise.study.Workbench;
import org.layerwise.training.TrainingListener;

/** The engine that works: hands everything to {@code study}. */
public final class StudyEngine implements Engine {

    private final Workbench workbench;

    public StudyEngine(Workbench workbench) {
        this.workbench = workbench;
    }

    @Override
    public List<String> devices() {
        return workbench.devices();
    }

    @Override
    public LoadedModel openModel(String model, String device, Progress progress) {
        return new StudyModel(workbench, workbench.openModel(model, device, progress));
    }

    @Override
    public DataPreview openData(DataSettings settings, Progress progress) {
        Dataset data = workbench.openData(settings, progress);
        List<DataPreview.Row> rows = IntStream.range(0, Math.min(data.size(), DataPreview.ROWS))
                .mapToObj(row -> preview(row + 1, data.row(row)))
                .toList();
        return new DataPreview(
                data.name(), settings.data(), data.size(), data.pretokenized(), data.paired(), data.columns(), rows);
    }

    private static DataPreview.Row preview(int number, Dataset.Row row) {
        return new DataPreview.Row(
                number, row.text(), row.secondText(), row.label().isEmpty() ? null : row.label());
    }

    @Override
    public void close() {
        workbench.close();
    }

    private record StudyModel(Workbench workbench, OpenModel open) implements LoadedModel {

        @Override
        public ModelCard card() {
            return open.card();
        }

        @Override
        public long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank) {
            return open.adapterParameters(layers, targetModules, rank);
        }

        @Override
        public Analysis analyze(
                DataSettings data, AnalysisSettings settings, Progress progress, Consumer<SimilarityMatrix> partial) {
            return new AnalysisJob(workbench, open, data, settings).run(progress, partial);
        }

        @Override
        public TrainingSummary train(
                DataSettings data, TrainingSettings settings, Path out, Progress progress, TrainingListener listener) {
            return new TrainingJob(workbench, open, data, settings, out).run(progress, listener);
        }

        @Override
        public void close() {
            open.close();
        }
    }
}
