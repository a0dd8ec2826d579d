"""Every function of numbers refuses what is no number, with a typed error that says what to do."""

import inspect
from importlib import import_module
from pkgutil import iter_modules

import numpy as np
import pytest

from engine.cooling.cdus import ratings
from engine.cooling.towers import tower_from_design
from engine.errors import PlannerError
from engine.hydraulics.pumps import PumpCurve
from engine.hydraulics.sizing import PipeSeries
from engine.power.radial import radial

PACKAGES = (
    "climate",
    "cooling",
    "energy",
    "fabric",
    "faults",
    "hydraulics",
    "power",
    "risk",
    "space",
)
CURVE = PumpCurve(shutoff_m=42.0, bend_s2_m5=1800.0)
RATED = ratings(1000.0, 4.0, 100.0, 120.0)
TOWER = tower_from_design(35.0, 29.0, 24.0, 1.2)
SERIES = PipeSeries(
    nominal=np.array([50, 100]),
    bore_m=np.array([0.0525, 0.1023]),
    wall_m=np.array([0.004, 0.006]),
    velocity_max_m_s=np.array([1.2, 1.8]),
    gradient_max_pa_m=400.0,
)
LIQUID = {"density_kg_m3": 1015.0, "viscosity_pa_s": 1.8e-3}

# A call that works for each function of plain numbers, by module and name.
CALLS = {
    "climate.classes": {
        "facility_water_class": {"max_supply_c": 30.0},
        "technology_cooling_class": {"max_supply_c": 30.0},
    },
    "climate.design": {
        "exceeded": {"values": [1.0, 2.0, 3.0], "percent": 0.4},
        "return_period_extreme_c": {"mean_c": 35.0, "sd_k": 1.0, "years": 20.0},
    },
    "climate.psychrometrics": {
        "pressure_at_elevation_pa": {"elevation_m": 1600.0},
        "saturation_pressure_pa": {"temp_c": 20.0},
        "vapour_pressure_pa": {"humidity_ratio": 0.01, "pressure_pa": 1e5},
        "humidity_ratio": {"vapour_pressure": 1500.0, "pressure_pa": 1e5},
        "saturation_humidity_ratio": {"temp_c": 20.0, "pressure_pa": 1e5},
        "dew_point_c": {"vapour_pressure": 1500.0},
        "dew_point_from_relative_humidity_c": {"dry_bulb_c": 25.0, "relative_humidity": 0.5},
        "relative_humidity": {"dry_bulb_c": 25.0, "ratio": 0.01, "pressure_pa": 1e5},
        "enthalpy_j_kg": {"dry_bulb_c": 25.0, "ratio": 0.01},
        "specific_volume_m3_kg": {"dry_bulb_c": 25.0, "ratio": 0.01, "pressure_pa": 1e5},
        "moist_air_density_kg_m3": {"dry_bulb_c": 25.0, "ratio": 0.01, "pressure_pa": 1e5},
        "checked_pressure": {"pressure_pa": 1e5},
    },
    "climate.weather": {"hours_above": {"values": [1.0, 2.0], "threshold": 1.5}},
    "climate.wet_bulb": {
        "humidity_ratio_from_wet_bulb": {"dry_bulb_c": 25.0, "wet_bulb": 20.0, "pressure_pa": 1e5},
        "wet_bulb_c": {"dry_bulb_c": 25.0, "ratio": 0.01, "pressure_pa": 1e5},
        "wet_bulb_from_dew_point_c": {"dry_bulb_c": 25.0, "dew_point": 12.0, "pressure_pa": 1e5},
        "wet_bulb_from_relative_humidity_c": {
            "dry_bulb_c": 25.0, "relative_humidity": 0.5, "pressure_pa": 1e5,
        },
    },
    "cooling.air": {
        "air_density_kg_m3": {"elevation_m": 100.0, "temp_c": 25.0},
        "airflow_m3_s": {"heat_kw": 10.0, "rise_k": 12.0, "density_kg_m3": 1.2},
        "fan_power_kw": {"flow_m3_s": 1.0, "pressure_pa": 250.0, "efficiency": 0.6},
        "fans_after_loss": {"power_kw": 1.0, "speed_fraction": 0.7, "units": 4, "lost": 1},
    },
    "cooling.cdus": {
        "ratings": {
            "capacity_kw": 1000.0, "approach_k": 4.0, "tcs_kw_k": 100.0, "fws_kw_k": 120.0,
            "exponent": 0.7, "tcs_share": 0.5, "fouling_factor": 1.0,
        },
        "guarded_supply_c": {"set_point_c": 30.0, "dew_point_c": 12.0, "margin_k": 2.0},
        "heat_at_set_point_kw": {
            "rated": RATED, "tcs_kw_k": 80.0, "fws_kw_k": 100.0, "approach_k": 4.0,
        },
        "cdu_states": {
            "rated": RATED, "load_kw": 800.0, "tcs_kw_k": 80.0, "set_point_c": 34.0,
            "fws_supply_c": 30.0, "pump_kw_k": 100.0, "valve_kw_k": 120.0, "facility_kw_k": 110.0,
        },
        "after_loss": {"load_kw": 800.0, "tcs_kw_k": 80.0, "units": 4, "lost": 1},
    },
    "cooling.chillers": {
        "fitted_chiller": {
            "load_kw": 500.0, "rated_kw": 800.0, "leaving_c": 7.0, "condenser_c": 28.0,
        },
        "reversible_cop": {
            "evaporating_c": 15.0, "condensing_c": 40.0, "share": 0.58, "least_lift_k": 10.0,
        },
        "staged": {
            "load_kw": 500.0, "unit_rated_kw": 400.0, "units": 3, "leaving_c": 7.0,
            "condenser_c": 28.0, "spare": 1,
        },
    },
    "cooling.circuits": {
        "pump_power_kw": {"flow_lpm": 1500.0, "head_kpa": 200.0, "efficiency": 0.65},
    },
    "cooling.coolants": {
        "coolant_at": {"name": "pg25_mass", "temp_c": 30.0},
        "coolant_table": {"name": "pg25_volume", "temp_c": [20.0, 30.0]},
    },
    "cooling.economizer": {
        "free_share": {"return_c": 40.0, "set_c": 30.0, "reach_c": 33.0},
        "economizer_class": {"share": [0.0, 0.5, 1.0]},
        "economizer_hours": {"share": [0.0, 0.5, 1.0]},
    },
    "cooling.exchangers": {
        "effectiveness": {"ntu": 2.0, "capacity_ratio": 0.8},
        "transfer_units": {"effect": 0.6, "capacity_ratio": 0.8},
        "exchanged_kw": {
            "ua_kw_k": 200.0, "hot_kw_k": 100.0, "cold_kw_k": 120.0, "inlet_difference_k": 10.0,
        },
        "log_mean_difference_k": {"first_k": 5.0, "second_k": 8.0},
        "conductance_kw_k": {
            "rated_kw_k": 200.0, "first_ratio": 0.8, "second_ratio": 0.9, "exponent": 0.7,
            "first_share": 0.5, "fouling_factor": 0.9,
        },
        "coil_capacity_kw": {
            "ua_kw_k": 5.0, "air_kw_k": 3.0, "water_kw_k": 4.0, "air_in_c": 38.0,
            "water_in_c": 20.0,
        },
    },
    "cooling.rejection": {
        "fan_ratio": {
            "approach_k": 10.0, "load_fraction": 0.5, "available_k": 9.0, "exponent": 0.65,
        },
    },
    "cooling.towers": {
        "merkel_number": {
            "hot_c": 35.0, "cold_c": 29.0, "wet_bulb": 24.0, "liquid_to_gas": 1.2,
            "pressure_pa": 1e5,
        },
        "tower_from_design": {
            "hot_c": 35.0, "cold_c": 29.0, "wet_bulb": 24.0, "liquid_to_gas": 1.2,
            "exponent": 0.6, "pressure_pa": 1e5,
        },
        "tower_outlet_c": {
            "tower": TOWER, "wet_bulb": 20.0, "range_k": 6.0, "water_ratio": 1.0, "air_ratio": 0.8,
            "pressure_pa": 1e5,
        },
    },
    "cooling.water": {
        "water_use": {
            "heat_kwh": 100.0, "latent_heat_kj_kg": 2430.0, "cycles": 4.0,
            "evaporative_fraction": 0.9, "circulated_l": 5000.0, "drift_fraction": 1e-5,
        },
    },
    "energy.carbon": {
        "operational_carbon_kg": {"energy_kwh": 100.0, "intensity_kg_per_kwh": 0.4},
        "fuel_carbon_kg": {"litres": 10.0, "kg_per_l": 2.68},
        "refrigerant_carbon_kg": {
            "charge_kg": 100.0, "warming_potential": 1400.0, "leak_fraction": 0.02,
        },
    },
    "energy.metrics": {
        "power_usage_effectiveness": {"site_kwh": 110.0, "it_kwh": 100.0},
        "partial_pue": {"part_kwh": 10.0, "it_kwh": 100.0},
        "infrastructure_efficiency": {"site_kwh": 110.0, "it_kwh": 100.0},
        "it_usage_effectiveness": {"it_kwh": 100.0, "compute_kwh": 90.0},
        "total_usage_effectiveness": {"pue": 1.1, "itue": 1.05},
        "carbon_usage_effectiveness": {"carbon_kg": 40.0, "it_kwh": 100.0},
        "water_usage_effectiveness": {"water_l": 40.0, "it_kwh": 100.0},
        "energy_reuse_factor": {"reused_kwh": 10.0, "site_kwh": 110.0},
        "energy_reuse_effectiveness": {"pue": 1.1, "reuse_factor": 0.2},
        "renewable_energy_factor": {"renewable_kwh": 10.0, "site_kwh": 110.0},
    },
    "fabric.losses": {
        "links_up_fraction": {"ends_per_link": 2.0, "failures_per_year": 0.01, "repair_h": 4.0},
    },
    "fabric.media": {
        "route_length_m": {"dx_m": 10.0, "dy_m": 5.0, "riser_m": 2.0, "slack_fraction": 0.1},
        "stock_length_m": {"length_m": 12.0},
        "optical_loss_db": {"length_m": 100.0, "fibre_db_km": 3.0, "connector_db": 1.5},
        "within_loss_limit": {"loss_db": 1.0, "interface": "400GBASE-DR4"},
        "propagation_delay_ns": {"length_m": 100.0, "group_index": 1.468},
        "path_latency_ns": {
            "length_m": 100.0, "switches": 3, "switch_ns": 500.0, "fec_ns": 100.0,
            "group_index": 1.468,
        },
    },
    "fabric.trees": {
        "fat_tree": {
            "endpoints": 512, "radix": 64, "rails": 8, "planes": 1, "oversubscription": 1.0,
        },
        "spines_for": {"leaf": 24, "up_ports": 32, "radix": 64},
        "plane_radix": {"switch_ports": 64, "port_gb_s": 800.0, "nic_gb_s": 800.0, "planes": 2},
        "scale_up_domain": {
            "gpus": 72, "links_per_gpu": 18, "gb_s_per_link": 100.0, "switch_chips": 18,
        },
    },
    "faults.availability": {
        "availability": {"mtbf_h": 1000.0, "mttr_h": 8.0},
        "unavailability": {"failures_per_year": 0.1, "repair_h": 8.0},
        "series": {"parts": [0.99, 0.999]},
        "parallel": {"parts": [0.99, 0.999]},
        "k_of_n": {"needed": 2, "parts": [0.9, 0.9, 0.9]},
        "downtime_h": {"available": 0.999},
        "common_cause_unavailability": {"down": 0.01, "units": 2, "beta": 0.05},
        "repairable_group": {
            "needed": 1, "units": 2, "failures_per_year": 0.1, "repair_h": 8.0, "crews": 1,
        },
    },
    "faults.jobs": {
        "interruptions": {"count": 419, "days": 54.0, "gpus": 16384},
        "job_mean_time_h": {"gpus": 1000, "per_gpu_year": 0.1, "infrastructure_per_year": 5.0},
        "spares_needed": {"needed": 100, "availability_each": 0.99, "confidence": 0.99},
        "fleet_goodput": {"efficiency": 0.95, "available": 0.99, "throttled_fraction": 0.01},
    },
    "faults.pairing": {
        "assign_pairs": {"power_kw": [100.0, 200.0], "rating_kw": [300.0, 300.0, 300.0]},
    },
    "faults.panels": {
        "panel_states": {
            "pod_kw": [100.0], "feeds": [[True, True]], "rating_kw": [80.0, 80.0],
            "alive": [True, True],
        },
        "cascade": {
            "pod_kw": [100.0], "feeds": [[True, True]], "rating_kw": [80.0, 80.0],
            "alive": [True, False], "time_constant_s": 600.0, "holds_fraction": 1.05,
        },
        "trip_time_s": {"load_fraction": 1.2, "time_constant_s": 600.0, "before_fraction": 0.5},
    },
    "faults.sharing": {
        "utilisation_limit": {"kind": "n+1", "modules": 4},
        "topology": {"kind": "n+1", "modules": 4},
        "shared_load": {
            "power_kw": [100.0], "share": [[0.5, 0.5]], "rating_kw": [100.0, 100.0],
            "failed": [False, True],
        },
        "usable_power": {
            "power_kw": [100.0], "share": [[0.5, 0.5]], "rating_kw": [100.0, 100.0],
            "failed": [False, True],
        },
        "during_maintenance": {
            "power_kw": [100.0], "share": [[0.5, 0.5]], "rating_kw": [100.0, 100.0],
        },
    },
    "faults.transients": {
        "rise_rate_k_s": {"heat_kw": 1000.0, "coolant_kj_k": 8000.0, "metal_kj_k": 500.0},
        "time_to_rise_s": {"rate_k_s": 0.1, "rise_k": 15.0},
        "coasting_flow_fraction": {"time_s": 3.0, "coast_s": 5.0},
        "coasting_time_to_rise_s": {"first_rise_k": 10.0, "limit_k": 25.0, "coast_s": 5.0},
        "throttled_fraction": {"temp_c": 65.0, "limit_c": 60.0, "per_k": 0.05},
        "tank_m3": {
            "heat_kw": 1000.0, "time_s": 120.0, "rise_k": 10.0, "kj_per_m3_k": 4000.0,
            "in_pipes_m3": 1.0,
        },
        "transport_delay_s": {"volume_m3": 1.0, "flow_m3_s": 0.02},
        "mixed_step_c": {
            "temp_c": 40.0, "inlet_c": 30.0, "flow_kw_k": 10.0, "heat_kw": 100.0,
            "content_kj_k": 500.0, "step_s": 1.0,
        },
    },
    "hydraulics.friction": {
        "friction_factor": {"reynolds": 1e5, "relative_roughness": 1e-3},
        "velocity_m_s": {"flow_m3_s": 0.01, "bore_m": 0.1},
        "reynolds_number": {"flow_m3_s": 0.01, "bore_m": 0.1, "kinematic_viscosity_m2_s": 1e-6},
        "pressure_gradient_pa_m": {
            "flow_m3_s": 0.01, "bore_m": 0.1, "roughness_m": 4.5e-5, **LIQUID,
        },
        "minor_loss_pa": {
            "flow_m3_s": 0.01, "bore_m": 0.1, "minor_k": 2.0, "density_kg_m3": 1000.0,
        },
        "head_m": {"pressure_pa": 1e5, "density_kg_m3": 1000.0},
    },
    "hydraulics.inventory": {
        "inventory_m3": {"length_m": [10.0], "bore_m": [0.1]},
        "filled_pipe_kg_m": {
            "bore_m": 0.1, "wall_m": 0.006, "density_kg_m3": 1000.0, "wall_density_kg_m3": 7850.0,
        },
        "expansion_vessel_m3": {
            "volume_m3": 10.0, "density_cold_kg_m3": 1000.0, "density_hot_kg_m3": 990.0,
            "fill_pressure_pa": 2e5, "highest_pressure_pa": 4e5,
        },
    },
    "hydraulics.network": {
        "hazen_williams_resistance": {"length_m": 100.0, "bore_m": 0.1, "c": 120.0},
    },
    "hydraulics.pumps": {
        "pump_head_m": {"curve": CURVE, "flow_m3_s": 0.05, "speed": 0.9, "units": 2},
        "at_speed": {"flow_m3_s": 0.05, "head_m": 20.0, "power_kw": 10.0, "speed_ratio": 0.8},
        "duty_flow_m3_s": {
            "curve": CURVE, "system_s2_m5": 3200.0, "static_m": 5.0, "speed": 0.9, "units": 2,
        },
        "speed_for_duty": {"curve": CURVE, "flow_m3_s": 0.05, "head_m": 20.0, "units": 2},
        "pump_efficiency": {
            "flow_m3_s": 0.05, "best_flow_m3_s": 0.05, "best_efficiency": 0.8, "curvature": 1.0,
            "speed": 0.9, "units": 1, "drive_efficiency": 0.93,
        },
        "shaft_power_kw": {
            "flow_m3_s": 0.05, "head_m": 20.0, "efficiency": 0.7, "density_kg_m3": 1000.0,
        },
        "set_point_power_kw": {
            "flow_fraction": 0.6, "full_power_kw": 10.0, "static_share": 0.4, "min_speed": 0.3,
        },
        "net_positive_suction_head_m": {
            "suction_pressure_pa": 2e5, "vapour_pressure_pa": 7e3, "density_kg_m3": 1000.0,
            "lift_m": 1.0, "loss_m": 0.5,
        },
    },
    "hydraulics.sizing": {
        "choose_bores": {"flow_m3_s": [0.002], "series": SERIES, "roughness_m": 4.5e-5, **LIQUID},
        "smallest_bores": {"flow_m3_s": [0.002], "series": SERIES, "roughness_m": 4.5e-5, **LIQUID},
    },
    "hydraulics.valves": {
        "valve_loss_pa": {"flow_m3_s": 0.005, "kv_m3_h": 30.0, "density_kg_m3": 1000.0},
        "valve_resistance": {"kv_m3_h": 30.0},
        "opening_kv_m3_h": {"kv_open_m3_h": 30.0, "opening": 0.5, "rangeability": 50.0},
        "valve_authority": {"valve_loss": 3e4, "rest_loss": 5e4},
        "equipment_resistance": {
            "loss_pa": 1e5, "flow_m3_s": 0.003, "density_kg_m3": 1000.0, "exponent": 1.85,
        },
        "balancing_loss_pa": {"branch_loss_pa": [5e4, 6e4], "header_loss_pa": [1e4, 2e4]},
    },
    "power.batteries": {
        "ride_through_s": {
            "energy_kwh": 100.0, "load_kw": 500.0, "usable_fraction": 0.8, "efficiency": 0.95,
            "rated_load_kw": 600.0, "peukert": 1.1,
        },
    },
    "power.converters": {
        "converter_loss_kw": {
            "output_kw": 400.0, "rating_kw": 500.0, "a": 0.006, "b": 0.01, "c": 0.014,
        },
        "converter_efficiency": {"load_fraction": 0.5, "a": 0.006, "b": 0.01, "c": 0.014},
        "best_load_fraction": {"a": 0.006, "c": 0.014},
        "fit_loss_curve": {
            "load_fraction": [0.25, 0.5, 0.75, 1.0], "efficiency": [0.95, 0.96, 0.962, 0.96],
        },
    },
    "power.dynamics": {
        "square_wave_storage": {
            "high_kw": 100.0, "low_kw": 40.0, "period_s": 2.0, "duty": 0.6, "round_trip": 0.9,
        },
        "limit_ramp": {"power_kw": [10.0, 50.0, 20.0], "step_s": 1.0, "ramp_kw_per_s": 5.0},
        "swing_in_band_kw": {"power_kw": [10.0, 50.0, 20.0, 30.0], "step_s": 0.1},
        "aggregate_peak": {
            "mean_kw": 100.0, "sd_kw": 5.0, "correlation": 0.5, "quantile": 0.99, "count": 10,
        },
    },
    "power.generators": {
        "derating_by_table": {
            "altitude_m": 500.0, "ambient_c": 30.0, "table_altitude_m": [0.0, 1000.0],
            "table_ambient_c": [20.0, 40.0], "table_fraction": [[1.0, 0.95], [0.97, 0.9]],
        },
        "derating_by_rule": {
            "altitude_m": 1500.0, "ambient_c": 42.0, "per_500_m": 0.03, "above_m": 1000.0,
            "per_5_k": 0.03, "above_c": 40.0,
        },
        "fuel_run_time_h": {
            "tank_l": 5000.0, "load_kw": 1000.0, "l_per_kwh": 0.255, "usable_fraction": 0.95,
        },
        "generator_limits": {
            "load_kw": 800.0, "step_kw": 400.0, "rating_kw": 1000.0, "step_fraction": 0.6,
            "least_fraction": 0.3,
        },
    },
    "power.lines": {
        "line_current_a": {"power_kw": 100.0, "voltage_v": 415.0, "power_factor": 0.95},
        "dc_current_a": {"power_kw": 100.0, "voltage_v": 800.0},
        "conductor_resistance_ohm": {
            "length_m": 50.0, "ohm_per_km": 0.1, "parallel": 2, "conductor_c": 60.0,
        },
        "voltage_drop_v": {
            "current_a": 100.0, "resistance_ohm": 0.01, "reactance_ohm": 0.005,
            "power_factor": 0.95,
        },
        "line_loss_kw": {"current_a": 100.0, "resistance_ohm": 0.01},
        "dc_load_voltage_v": {"source_v": 800.0, "power_kw": 100.0, "loop_resistance_ohm": 0.01},
        "continuous_power_kw": {
            "rating_a": 1000.0, "voltage_v": 415.0, "power_factor": 0.95,
            "continuous_fraction": 0.8, "ambient_factor": 0.95,
        },
        "ambient_factor": {
            "ambient_c": 42.0, "table_c": [40.0, 45.0], "table_factor": [1.0, 0.95],
        },
    },
    "power.load_flow": {
        "radial_load_flow": {
            "parent": [-1, 0], "resistance_ohm": [0.01, 0.02], "reactance_ohm": [0.01, 0.02],
            "load_kw": [10.0, 20.0], "load_kvar": [2.0, 3.0], "nominal_v": 415.0,
            "source_pu": 1.0, "shunt_kw": 0.0, "shunt_kvar": 0.0,
        },
        "dc_load_flow": {
            "parent": [-1, 0], "loop_resistance_ohm": [0.01, 0.02], "load_kw": [10.0, 20.0],
            "nominal_v": 800.0, "source_pu": 1.0,
        },
    },
    "power.phases": {
        "phase_power_kw": {"load_kw": [10.0, 20.0], "connection": ("A", "BC")},
        "phase_imbalance": {"phase_kw": [10.0, 20.0, 15.0]},
        "suggest_tap_moves": {
            "load_kw": [10.0, 20.0], "connection": ("A", "A"), "limit": 1.05,
        },
    },
    "power.radial": {
        "radial_sum_kw": {
            "tree": radial([-1, 0]), "load_kw": [0.0, 10.0], "rating_kw": [20.0, 20.0],
            "loss_a": 0.01, "loss_b": 0.0, "loss_c": 0.01,
        },
    },
    "power.transformers": {
        "transformer_loss_kw": {
            "load_kva": 800.0, "rating_kva": 1000.0, "no_load_kw": 1.0, "load_loss_kw": 8.0,
        },
        "loss_at_efficiency_kw": {"output_kw": 800.0, "efficiency": 0.98},
        "losses_from_efficiency": {
            "rating_kva": 1000.0, "load_fraction": 0.5, "efficiency": 0.99, "power_factor": 0.95,
        },
        "transformer_circuit": {
            "rating_kva": 1000.0, "secondary_v": 415.0, "short_circuit_fraction": 0.06,
            "load_loss_kw": 8.0, "no_load_kw": 1.0, "no_load_current_fraction": 0.005,
        },
        "short_circuit_current_ka": {
            "rating_kva": 1000.0, "secondary_v": 415.0, "short_circuit_fraction": 0.06,
        },
    },
    "risk.aggregate": {
        "summed_rack_power_kw": {
            "rack_kw": [100.0, 120.0], "group": [0, 1], "sd_rel": 0.03, "count": 10,
            "purpose": "test", "correlation": 0.2,
        },
        "summed_moments_kw": {
            "rack_kw": [100.0, 120.0], "group": [0, 1], "sd_rel": 0.03, "correlation": 0.2,
        },
    },
    "risk.propagation": {"relative_sd": {"sd_rel": {"cp": 0.01}, "exponents": {"cp": -1.0}}},
    "risk.summary": {
        "summarise": {"values": [1.0, 2.0, 3.0]},
        "wilks_runs": {"coverage": 0.95, "confidence": 0.95, "order": 1},
        "contributors": {"inputs": {"a": np.array([1.0, 2.0, 4.0])}, "values": [1.0, 2.0, 3.0]},
    },
    "space.floor": {
        "area_load_kg_m2": {"mass_kg": 1360.0, "width_m": 0.6, "depth_m": 1.2},
        "load_kpa": {"load_kg_m2": 1000.0},
        "foot_pressure_mpa": {"mass_kg": 1360.0, "feet": 4, "diameter_m": 0.05},
    },
}  # fmt: skip
NUMBERS = (int, float, list, np.ndarray)
# Numbers that no float can hold, or flags, which have no NaN.
WHOLE = {"group", "count", "failed", "feeds", "alive", "parent", "order", "connection"}


def functions():
    """Every public function of the packages, by module and name."""
    for package in PACKAGES:
        for found in iter_modules(import_module(f"engine.{package}").__path__):
            module = import_module(f"engine.{package}.{found.name}")
            for name, function in vars(module).items():
                mine = inspect.isfunction(function) and function.__module__ == module.__name__
                if mine and not name.startswith("_"):
                    yield f"{package}.{found.name}", name, function


def spoiled(value):
    """The value with one number of it replaced by NaN; None if it holds none."""
    if isinstance(value, bool) or not isinstance(value, NUMBERS):
        return None
    array = np.array(value, dtype=np.float64)
    array.flat[array.size - 1] = np.nan
    return array if array.ndim else float("nan")


POINTS = [
    pytest.param(module, name, argument, id=f"{module}.{name}({argument})")
    for module, calls in CALLS.items()
    for name, call in calls.items()
    for argument, value in call.items()
    if argument not in WHOLE and spoiled(value) is not None
]


@pytest.mark.parametrize(("module", "name", "argument"), POINTS)
def test_what_is_no_number_is_refused_with_a_word_of_what_to_do(module, name, argument):
    function = getattr(import_module(f"engine.{module}"), name)
    call = CALLS[module][name]
    function(**call)

    with pytest.raises(PlannerError) as refusal:
        function(**{**call, argument: spoiled(call[argument])})

    assert len(refusal.value.detail) > len("It is invalid.")


def test_every_function_of_plain_numbers_stands_in_the_table():
    plain = ("float", "ArrayLike", "int")
    missing = [
        f"{module}.{name}"
        for module, name, function in functions()
        if name not in CALLS.get(module, {})
        and inspect.signature(function).parameters
        and all(
            str(parameter.annotation).rpartition(".")[2] in plain
            or "ArrayLike" in str(parameter.annotation)
            for parameter in inspect.signature(function).parameters.values()
            if parameter.default is inspect.Parameter.empty
        )
    ]

    assert missing == []
