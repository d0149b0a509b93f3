// Small files to see what an answer looks like. They are made up, and say so in their names.
const HEAD =
  "BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,EffectiveCost,PricingQuantity,PricingUnit,ProviderName,RegionId,ServiceCategory,ServiceName,SkuMeter,SkuPriceDetails";
const MONTHS = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"];
const MACHINES: [region: string, hours: number[]][] = [
  ["us-east-1", [720, 610, 540, 380]],
  ["eu-west-1", [180, 240, 310, 420]],
  ["eu-north-1", [0, 120, 260, 520]],
  ["ap-southeast-2", [90, 60, 95, 40]],
];
const HOURLY = 21.957642;

function bill(): string {
  const rows = MONTHS.slice(0, -1).flatMap((from, month) => {
    const period = `${from}T00:00:00Z,${MONTHS[month + 1]}T00:00:00Z`;
    const machines = MACHINES.filter(([, hours]) => hours[month]).map(
      ([region, hours]) =>
        `USD,Usage,${period},${hours[month]},Hours,${(hours[month]! * HOURLY).toFixed(2)},${hours[month]},Hours,AWS,${region},Compute,Amazon Elastic Compute Cloud,BoxUsage:p4d.24xlarge,"{""InstanceType"":""p4d.24xlarge""}"`,
    );
    return [
      ...machines,
      `USD,Usage,${period},52000,GB-Mo,1196,52000,GB-Mo,AWS,eu-west-1,Storage,Amazon Simple Storage Service,EU-TimedStorage-ByteHrs,`,
      `USD,Usage,${period},1400000,Requests,840,1400000,Requests,AWS,us-east-1,AI and Machine Learning,Amazon Bedrock,InvokeModel,`,
      `USD,Tax,${period},,,410,,,AWS,,Other,Tax,,`,
    ];
  });
  return `${[HEAD, ...rows].join("\n")}\n`;
}

const RUNS = `timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,water_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,cpu_utilization_percent,gpu_utilization_percent,ram_utilization_percent,ram_used_gb,on_cloud,pue,wue
2026-06-02T14:22:07,finetune,finetune-1,e1,5400.0,0.2361,4.372e-05,168.0,2592.0,45.6,0.252,3.888,0.0684,4.2084,0.0,France,FRA,ile-de-france,,,Linux,3.12.7,3.3.2,96,Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz,8,8 x NVIDIA A100-SXM4-40GB,2.3,48.9,1121.8,machine,31.4,87.2,22.0,112.5,N,1.2,0.0
2026-06-09T09:12:40,finetune,finetune-2,e1,7900.0,0.3454,4.372e-05,171.0,2610.0,45.6,0.3753,5.7275,0.1001,6.2029,0.0,France,FRA,ile-de-france,,,Linux,3.12.7,3.3.2,96,Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz,8,8 x NVIDIA A100-SXM4-40GB,2.3,48.9,1121.8,machine,31.4,88.1,22.0,112.5,N,1.2,0.0
2026-06-16T16:02:41,evaluate,evaluate-1,e2,14450.0,0.5971,4.132e-05,41.0,295.2,24.0,0.1646,1.1849,0.0963,1.4458,0.0,United States,USA,iowa,gcp,us-central1,Linux,3.12.7,3.3.2,12,Intel(R) Xeon(R) CPU @ 2.20GHz,1,1 x NVIDIA A100-SXM4-80GB,-93.6,41.6,167.0,machine,12.0,71.5,9.1,15.2,Y,1.0,0.0
2026-06-23T11:31:05,evaluate,evaluate-2,e2,9100.0,0.3760,4.132e-05,41.0,301.0,24.0,0.1036,0.7609,0.0607,0.9252,0.0,United States,USA,iowa,gcp,us-central1,Linux,3.12.7,3.3.2,12,Intel(R) Xeon(R) CPU @ 2.20GHz,1,1 x NVIDIA A100-SXM4-80GB,-93.6,41.6,167.0,machine,12.0,73.0,9.1,15.2,Y,1.0,0.0
2026-06-30T18:40:00,finetune,finetune-3,e1,-5,0.3454,4.372e-05,171.0,2610.0,45.6,0.3753,5.7275,0.1001,6.2029,0.0,France,FRA,ile-de-france,,,Linux,3.12.7,3.3.2,96,Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz,8,8 x NVIDIA A100-SXM4-40GB,2.3,48.9,1121.8,machine,31.4,88.1,22.0,112.5,N,1.2,0.0
`;

export const SAMPLES: { name: string; file: () => File }[] = [
  { name: "Sample bill", file: () => new File([bill()], "sample-bill-focus.csv", { type: "text/csv" }) },
  { name: "Sample of CodeCarbon", file: () => new File([RUNS], "sample-codecarbon-emissions.csv", { type: "text/csv" }) },
];
