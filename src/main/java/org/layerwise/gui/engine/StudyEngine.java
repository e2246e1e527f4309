package org.layerwise.gui.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.layerwise.analysis.SimilarityMatrix;
import org.layerwise.base.PauseSwitch;
import org.layerwise.base.Progress;
import org.layerwise.data.token.DataSummary;
import org.layerwise.install.torch.ComputeSetup;
import org.layerwise.install.torch.EngineFacts;
import org.layerwise.remote.ssh.SshQuestions;
import org.layerwise.run.Run;
import org.layerwise.run.RunRecord;
import org.layerwise.run.RunStore;
import org.layerwise.run.TrainingSummary;
import org.layerwise.run.paired.RunPairs;
import org.layerwise.selection.LayerSelection;
import org.layerwise.settings.AnalysisSettings;
import org.layerwise.settings.DataSettings;
import org.layerwise.settings.ModelSettings;
import org.layerwise.settings.RemoteDestination;
import org.layerwise.settings.StartMode;
import org.layerwise.settings.TrainingSettings;
import org.layerwise.study.DataPreview;
import org.layerwise.study.DataSummaryJob;
import org.layerwise.study.Workbench;
import org.layerwise.study.adapter.SelectionExport;
import org.layerwise.study.analysis.Analysis;
import org.layerwise.study.analysis.AnalysisJob;
import org.layerwise.study.cluster.ClusterAccess;
import org.layerwise.study.cluster.PendingAnalysis;
import org.layerwise.study.cluster.RemoteAnalysisJob;
import org.layerwise.study.model.CachedModelCard;
import org.layerwise.study.model.DownloadSize;
import org.layerwise.study.model.ModelCard;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.model.ModelListener;
import org.layerwise.study.model.OpenModel;
import org.layerwise.study.training.ResumeJob;
import org.layerwise.study.training.TrainingEstimate;
import org.layerwise.study.training.TrainingJob;
import org.layerwise.study.training.TrainingMemory;
import org.layerwise.training.TrainingListener;

/** Engine of the application, which delegates all work to {@code study}. */
public final class StudyEngine implements Engine {

    private final Workbench workbench;
    private final StudyClusters clusters;

    public StudyEngine(Workbench workbench) {
        this(workbench, ClusterAccess.LOOK_EVERY);
    }

    /** @param lookEvery pause between two requests for news of a job on a cluster */
    public StudyEngine(Workbench workbench, Duration lookEvery) {
        this.workbench = workbench;
        this.clusters = new StudyClusters(workbench, lookEvery);
    }

    @Override
    public List<String> devices() {
        return workbench.devices();
    }

    @Override
    public EngineFacts facts() {
        return workbench.torch().facts();
    }

    @Override
    public ComputeSetup computeSetup() {
        return workbench.torch().setup();
    }

    @Override
    public Clusters clusters() {
        return clusters;
    }

    @Override
    public LoadedModel openModel(ModelSettings settings, PauseSwitch pause, Progress progress) {
        return new StudyModel(workbench, clusters, workbench.openModel(settings, pause, progress));
    }

    @Override
    public List<CachedModelCard> cachedModels() {
        return workbench.cachedModels();
    }

    @Override
    public DownloadSize downloadSize(String model, Progress progress) {
        return workbench.downloadSize(model, progress);
    }

    @Override
    public Path download(String model, PauseSwitch pause, Progress progress) {
        return workbench.download(model, pause, progress);
    }

    @Override
    public DataPreview openData(DataSettings settings, Progress progress) {
        return DataPreview.read(workbench, settings, progress);
    }

    @Override
    public RunRecord run(Path folder) {
        return RunRecord.read(folder);
    }

    @Override
    public RunPairs pairs(List<Path> folders, Progress progress) {
        return RunPairs.of(folders.stream().map(Run::open).toList(), progress);
    }

    @Override
    public List<RunRecord> runs(Path folder, Progress progress, Consumer<String> remark) {
        return new RunStore(folder).read(RunRecord::of, progress, remark);
    }

    @Override
    public TrainingSummary resume(
            Path folder, @Nullable LoadedModel open, PauseSwitch pause, Progress progress, TrainingListener listener) {
        return new ResumeJob(workbench, folder, pause)
                .run(open instanceof StudyModel known ? known.open() : null, ModelListener.none(), progress, listener);
    }

    @Override
    public Analysis fetch(
            PendingAnalysis analysis, @Nullable LoadedModel open, SshQuestions questions, Progress progress) {
        return new RemoteAnalysisJob(workbench, clusters.access(questions))
                .fetch(analysis, open instanceof StudyModel known ? known.open() : null, progress);
    }

    @Override
    public void forget(Path folder) {
        RunStore.forget(folder);
    }

    @Override
    public void close() {
        workbench.close();
    }

    private record StudyModel(Workbench workbench, StudyClusters clusters, OpenModel open) implements LoadedModel {

        @Override
        public ModelCard card() {
            return open.card();
        }

        @Override
        public ModelInspection inspection() {
            return open.inspection();
        }

        @Override
        public long adapterParameters(Collection<Integer> layers, List<String> targetModules, int rank) {
            return open.adapterParameters(layers, targetModules, rank);
        }

        @Override
        public SelectionExport export(LayerSelection selection) {
            return SelectionExport.of(open, selection);
        }

        @Override
        public DataSummary summarize(DataSettings data, Progress progress) {
            return new DataSummaryJob(workbench, open, data).run(progress);
        }

        @Override
        public Analysis analyze(
                DataSettings data, AnalysisSettings settings, Progress progress, Consumer<SimilarityMatrix> partial) {
            return new AnalysisJob(workbench, open, data, settings).run(progress, partial);
        }

        @Override
        public Path handIn(
                String rows,
                DataSettings data,
                AnalysisSettings settings,
                RemoteDestination to,
                SshQuestions questions,
                Progress progress) {
            return new RemoteAnalysisJob(workbench, clusters.access(questions))
                    .submit(open, rows, data, settings, to, progress);
        }

        @Override
        public Analysis analyzeOn(
                Path job,
                RemoteDestination to,
                SshQuestions questions,
                DataSettings data,
                AnalysisSettings settings,
                Progress progress) {
            return new RemoteAnalysisJob(workbench, clusters.access(questions))
                    .fetch(open, job, data, settings, to, progress);
        }

        @Override
        public TrainingEstimate estimate(DataSettings data, TrainingSettings settings, int rows) {
            return TrainingMemory.estimate(workbench, open, data, settings, rows);
        }

        @Override
        public void queue(DataSettings data, TrainingSettings settings, Path out) {
            RunStore.queue(out, open.settings(), data, settings);
        }

        @Override
        public TrainingSummary train(
                DataSettings data,
                TrainingSettings settings,
                Path out,
                PauseSwitch pause,
                Progress progress,
                TrainingListener listener) {
            return new TrainingJob(workbench, open, data, settings, out, StartMode.RETRY, pause)
                    .run(progress, listener);
        }

        @Override
        public void send(
                DataSettings data,
                TrainingSettings settings,
                Path out,
                RemoteDestination to,
                SshQuestions questions,
                Progress progress) {
            clusters.access(questions)
                    .training(to.place())
                    .begin(open, data, settings, out, to.how(), StartMode.RETRY, progress);
        }

        @Override
        public void close() {
            open.close();
        }
    }
}
