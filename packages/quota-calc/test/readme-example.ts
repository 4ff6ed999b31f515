// eslint-disable-next-line @nx/enforce-module-boundaries -- as its readers import it; README.md holds the rest
import { Quantity, explainUnits, parseTotalGpuMemory, unitsOf, type GpuRequest } from '@bwki/quota-calc';

const memory = Quantity.parse('1000M'); // bitfusion.io/gpu-memory, of each GPU
const total = parseTotalGpuMemory('16000'); // TOTAL_GPU_MEMORY: a bare number counts MB
if (!memory.ok || !total.ok) throw new Error('a user would be told here');

const request: GpuRequest = { amount: 1n, share: { kind: 'memory', memory: memory.value } };
console.log(unitsOf(request, total.value));
// { ok: true, value: 7n }
console.log(explainUnits(request, total.value));
// { ok: true, value: '1000M / 16000M x 1 GPU x 100 = 6.25, rounded up to 7 units' }
console.log(unitsOf({ ...request, amount: 0n }, total.value));
// { ok: false, error: { code: 'QUOTA_AMOUNT_RANGE', amount: 0n } }
