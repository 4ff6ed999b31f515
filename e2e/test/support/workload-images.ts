import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { standIn } from '@bwki/bitfusion-cli-wrap/testing';

import type { OneNodeCluster } from '../../harness/index.ts';
import { baseImages, image } from './open-cluster.ts';
import { inDirectory } from './work-directory.ts';

const containerfiles = join(import.meta.dirname, '../../images');

/** The images of programs that the examples and the documents name, all but the one with a client in it. */
const programImages = [
  'docker.io/library/python:3.12',
  'docker.io/library/ubuntu:20.04',
  'docker.io/ml-serving/search-models:3',
  'docker.io/prom/statsd-exporter:v0.26.1',
  'docker.io/pytorch/pytorch:2.0.1-cuda11.7-cudnn8-runtime',
  'docker.io/tensorflow/tensorflow:1.15.5-gpu-py3',
  'docker.io/tensorflow/tensorflow:2.11.0-gpu',
  'nvcr.io/nvidia/tensorflow:19.07-py3',
];
const preinstalledImage = 'docker.io/cnasg/pytorch-mnist-bitfusion:1.0';

/**
 * Loads what stands for users' images, under their names, so that manifests run as they are: in it `python` says with
 * which arguments it was called.
 */
export async function loadWorkloadImages(cluster: OneNodeCluster): Promise<void> {
  const name = 'localhost/workload:1';
  const workload = await image({
    name,
    containerfile: join(containerfiles, 'workload/Containerfile'),
    context: join(containerfiles, 'workload'),
    bases: [(await baseImages()).busybox],
  });
  await cluster.loadImage(workload);
  await cluster.nameImage(name, programImages);
  await cluster.loadImage(
    await inDirectory(async (context) => {
      await mkdir(join(context, 'usr/bin'), { recursive: true });
      await copyFile(standIn, join(context, 'usr/bin/bitfusion'));
      await chmod(join(context, 'usr/bin/bitfusion'), 0o755);
      await mkdir(join(context, 'opt/bitfusion'), { recursive: true });
      await writeFile(join(context, 'opt/bitfusion/README'), 'a stand-in for the libraries of the client\n');
      const containerfile = join(containerfiles, 'workload-preinstalled/Containerfile');
      return image({ name: preinstalledImage, containerfile, context, bases: [workload] });
    }),
  );
}
