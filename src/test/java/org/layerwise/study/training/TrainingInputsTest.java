package org.layerwise.study.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingInputsTest {

    /** The reader of the data refuses them in a sentence. */
    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\uD800b"})
    void locationsMayBeNoPaths(String location) {
        assertThat(TrainingInputs.locations("rows.tsv," + location)).containsExactly("rows.tsv", location);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "a.jsonl,dev_matched.tsv,dev_mismatched.tsv > eval,eval_dev_matched,eval_mismatched",
                "dev.jsonl,va/dev.jsonl,vb/dev.jsonl > eval,eval_va_dev,eval_vb_dev",
                "a.jsonl,x/dev.v1.jsonl,x/dev.v2.jsonl > eval,eval_dev,eval_dev_2",
                "a.jsonl,v/dev.jsonl,v/dev.jsonl,w/dev.jsonl > eval,eval_dev,eval_dev_2,eval_w_dev",
                "a.jsonl,a/b.jsonl,c/b.jsonl,a_b.jsonl > eval,eval_b,eval_c_b,eval_a_b",
                "测试.jsonl,验证.jsonl,é.jsonl > eval,eval_2,eval_3",
                "a.jsonl,/dev.jsonl,dev_2.jsonl,/dev.jsonl > eval,eval_dev,eval_dev_2,eval_dev_3"
            })
    void validationFilesHaveDifferentNames(String locations, String prefixes) {
        assertThat(MetricPrefixes.prefixes(List.of(locations.split(","))))
                .containsExactly(prefixes.split(","))
                .doesNotHaveDuplicates();
    }
}
