package org.layerwise.study.evaluation;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.TaskPreset;
import org.layerwise.generation.answer.Answers;
import org.layerwise.generation.answer.CodeBenchmark;
import org.layerwise.generation.answer.LetterAnswers;
import org.layerwise.generation.answer.MathAnswers;
import org.layerwise.generation.answer.NumberAnswers;

/** Benchmarks that measure a model by the text that it generates. */
public enum Benchmark {
    /** GSM8K: Cobbe et al., arXiv 2110.14168. */
    GSM8K("gsm8k", "GSM8K", new NumberAnswers(), "Question: %s\nAnswer:", "Question:", 512),
    /** MATH: Hendrycks et al., arXiv 2103.03874. */
    MATH("math", "MATH", new MathAnswers(), "Problem:\n%s\n\nSolution:", "Problem:", 1024),
    /** HumanEval: Chen et al., arXiv 2107.03374. */
    HUMAN_EVAL("humaneval", "HumanEval", CodeBenchmark.HUMAN_EVAL),
    /** MBPP: Austin et al., arXiv 2108.07732. */
    MBPP("mbpp", "MBPP", CodeBenchmark.MBPP),
    /** ScienceQA: Lu et al., arXiv 2209.09513. */
    SCIENCE_QA("scienceqa", "ScienceQA", new LetterAnswers(), null, null, 16);

    private static final int TOKENS_OF_CODE = 512;
    private static final List<String> STOPS_OF_INSTRUCTION = List.of("\n### Instruction");

    private final String id;
    private final String title;
    private final @Nullable Answers answers;
    private final @Nullable CodeBenchmark code;
    private final @Nullable String plainPrompt;
    private final @Nullable String plainStop;
    private final int newTokens;

    Benchmark(
            String id,
            String title,
            Answers answers,
            @Nullable String plainPrompt,
            @Nullable String plainStop,
            int newTokens) {
        this.id = id;
        this.title = title;
        this.answers = answers;
        this.code = null;
        this.plainPrompt = plainPrompt;
        this.plainStop = plainStop;
        this.newTokens = newTokens;
    }

    Benchmark(String id, String title, CodeBenchmark code) {
        this.id = id;
        this.title = title;
        this.answers = null;
        this.code = code;
        this.plainPrompt = null;
        this.plainStop = null;
        this.newTokens = TOKENS_OF_CODE;
    }

    /** Returns the name in flags and files. */
    public String id() {
        return id;
    }

    /** Returns the name for people. */
    public String title() {
        return title;
    }

    /** Returns the default maximum number of new tokens of an answer. */
    public int newTokens() {
        return newTokens;
    }

    /** Returns true if the answers are code, which is written to a file and not judged. */
    public boolean ofCode() {
        return code != null;
    }

    /** Returns the preset by which its rows are read. */
    TaskPreset preset() {
        return this == SCIENCE_QA ? TaskPreset.SCIENCE_QA : TaskPreset.INSTRUCTION;
    }

    /**
     * Returns the method that finds answers in texts.
     *
     * @throws IllegalStateException if this is a benchmark of code
     */
    Answers answers() {
        if (answers == null) {
            throw new IllegalStateException(title + " has code for answers");
        }
        return answers;
    }

    CodeBenchmark code() {
        if (code == null) {
            throw new IllegalStateException(title + " has no code for answers");
        }
        return code;
    }

    /** Returns true if the questions can be asked in a form. */
    boolean has(PromptForm form) {
        return form == PromptForm.INSTRUCTION || code != null || plainPrompt != null;
    }

    /**
     * Returns a question in plain form, up to the beginning of the answer.
     *
     * @throws IllegalStateException if the benchmark has no plain form
     */
    String plain(String question) {
        if (plainPrompt == null) {
            throw new IllegalStateException(title + " has no plain form");
        }
        return String.format(Locale.ROOT, plainPrompt, question);
    }

    /** Returns the stop strings, which mark the end of an answer. */
    List<String> stops(PromptForm form) {
        if (this == SCIENCE_QA) {
            return List.of();
        }
        if (form == PromptForm.INSTRUCTION) {
            return STOPS_OF_INSTRUCTION;
        }
        return code != null ? code.stopsOfContinuation() : plainStop == null ? List.of() : List.of(plainStop);
    }
}
