import { Module } from '@nestjs/common';
import { GrpcMetrics } from '../../metrics/grpc-metrics.ts';
import { PredictionModule } from '../../prediction/prediction.module.ts';
import { GrpcServer } from './grpc-server.ts';

/** The Open Inference Protocol V2 over gRPC, with Triton's extensions, health and reflection, on its own port. */
@Module({
  imports: [PredictionModule],
  providers: [GrpcServer, GrpcMetrics],
})
export class GrpcModule {}
