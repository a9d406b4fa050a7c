package dev.hubbub.management;

import dev.hubbub.app.Metrics;
import dev.hubbub.hub.Durations;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Writes the table of metrics in Prometheus's text format or in OpenMetrics 1.0, whichever the reader accepts. The formats are
 * those of Prometheus's own client library; the values stay where Hubbub counts them.
 */
public final class PrometheusText {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();
    private static final String COUNTER_SUFFIX = "_total";

    private final ExpositionFormatWriter writer;

    /** @param accept the header {@code Accept} of the request; null if it has none */
    public PrometheusText(String accept) {
        writer = FORMATS.findWriter(accept);
    }

    public String contentType() {
        return writer.getContentType();
    }

    public void write(Metrics metrics, OutputStream out) throws IOException {
        Stream<MetricSnapshot> values = metrics.all().stream().map(PrometheusText::snapshot);
        Stream<MetricSnapshot> histograms = metrics.histograms().stream().map(PrometheusText::snapshot);
        writer.write(out, new MetricSnapshots(Stream.concat(values, histograms).toArray(MetricSnapshot[]::new)));
    }

    private static MetricSnapshot snapshot(Metrics.Metric metric) {
        if (metric.type() == Metrics.Type.COUNTER) {
            CounterSnapshot.Builder counter = CounterSnapshot.builder()
                    .name(metric.name().substring(0, metric.name().length() - COUNTER_SUFFIX.length()))
                    .help(metric.help());
            metric.values()
                    .get()
                    .forEach((label, value) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                            .labels(labels(metric.label(), label))
                            .value(value.doubleValue())
                            .build()));
            return counter.build();
        }
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.name()).help(metric.help());
        metric.values()
                .get()
                .forEach((label, value) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(metric.label(), label))
                        .value(value.doubleValue())
                        .build()));
        return gauge.build();
    }

    private static MetricSnapshot snapshot(Metrics.Histogram histogram) {
        HistogramSnapshot.Builder builder =
                HistogramSnapshot.builder().name(histogram.name()).help(histogram.help());
        histogram.values().get().forEach((label, durations) -> {
            Durations.Snapshot now = durations.snapshot();
            builder.dataPoint(HistogramDataPointSnapshot.builder()
                    .labels(labels(histogram.label(), label))
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(
                            DoubleStream.concat(
                                            DoubleStream.of(now.bounds()), DoubleStream.of(Double.POSITIVE_INFINITY))
                                    .boxed()
                                    .toList(),
                            LongStream.of(now.counts()).boxed().toList()))
                    .sum(now.sum())
                    .build());
        });
        return builder.build();
    }

    private static Labels labels(String name, String value) {
        return name == null ? Labels.EMPTY : Labels.of(name, value);
    }
}
